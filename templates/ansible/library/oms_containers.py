#!/usr/bin/python
"""Compares the containers of a server with what a release wants to run there."""

import json
import os

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: oms_containers
short_description: tells which services do not run as a release wants them
description:
  - Each container bears the hash of its service in a label; release.json says which hash is wanted.
  - One that is not healthy (yet) does not count as running as it should, so that no gate is passed by asking again.
  - Nothing is changed.
options:
  project: {description: name of the Compose project, type: str, required: true}
  release: {description: folder of the release, type: path, required: true}
  services: {description: how many containers each service shall have, type: dict, required: true}
author: oms
"""

RETURN = """
stale: {description: services that have to be brought up, in the order asked for, type: list, returned: always}
present: {description: services with at least one container, running or not, type: list, returned: always}
running: {description: services with at least one running container, type: list, returned: always}
"""

FIELDS = '{{.Label "com.docker.compose.service"}}\t{{.Label "oms.hash"}}\t{{.State}}\t{{.Status}}'
# What stands in a status beside the time: "Up 3 seconds (health: starting)".
NOT_HEALTHY = ("(unhealthy)", "(health: starting)")


def read_containers(module):
    label = "label=com.docker.compose.project=" + module.params["project"]
    # Containers of a "compose run" are no part of the service.
    filters = ["--filter", label, "--filter", "label=com.docker.compose.oneoff=False"]
    argv = ["docker", "ps", "--all", *filters, "--format", FIELDS]
    _, out, _ = module.run_command(argv, check_rc=True)
    return [tuple(line.split("\t")) for line in out.splitlines() if line.count("\t") == 3]


def read_hashes(module):
    path = os.path.join(module.params["release"], "release.json")
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)["services"]
    except (OSError, ValueError, KeyError) as error:
        return module.fail_json(msg=f"{path} cannot be used: {error}")


def is_well(state, status):
    return state == "running" and not any(word in status for word in NOT_HEALTHY)


def is_stale(containers, service, wanted_hash, replicas):
    own = [(label, is_well(state, status)) for name, label, state, status in containers if name == service]
    return own != [(wanted_hash, True)] * int(replicas)


def main():
    module = AnsibleModule(
        argument_spec={
            "project": {"type": "str", "required": True},
            "release": {"type": "path", "required": True},
            "services": {"type": "dict", "required": True},
        },
        supports_check_mode=True,
    )
    services = module.params["services"]
    containers = read_containers(module)
    hashes = read_hashes(module)
    module.exit_json(
        changed=False,
        # What the release does not have cannot be brought up from its files.
        stale=[name for name, count in services.items() if name in hashes and is_stale(containers, name, hashes[name], count)],
        present=sorted({name for name, _, _, _ in containers}),
        running=sorted({name for name, _, state, _ in containers if state == "running"}),
    )


if __name__ == "__main__":
    main()
