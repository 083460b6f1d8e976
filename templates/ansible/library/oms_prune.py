#!/usr/bin/python
"""Removes what a release leaves behind: containers it does not have, releases beyond those kept, images none of them names."""

import json
import os
import re
import shutil

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: oms_prune
short_description: removes containers, releases and images that are not needed any more
description:
  - What cannot be removed is warned of and left to the next deployment; no release fails for it.
options:
  project: {description: name of the Compose project, type: str, required: true}
  services: {description: services of this server; containers of others go, type: list, elements: str, required: true}
  folder: {description: folder with one folder a release, type: path, required: true}
  keep: {description: how many releases stay, type: int, required: true}
  current: {description: releases that stay in any case, type: list, elements: str, required: true}
author: oms
"""

RETURN = """
containers: {description: services whose containers were removed, type: list, returned: always}
releases: {description: ids of the releases removed, type: list, returned: always}
images: {description: references of the images removed, type: list, returned: always}
"""

# What is built from a release's own contexts; everything else on the server may be somebody else's.
OWN_IMAGE = re.compile(r"oms-(app|notifier|hub|web):[0-9a-f]{12}")


def superfluous_containers(module):
    project = "label=com.docker.compose.project=" + module.params["project"]
    fields = '{{.ID}}\t{{.Label "com.docker.compose.service"}}'
    _, out, _ = module.run_command(["docker", "ps", "--all", "--filter", project, "--format", fields], check_rc=True)
    found = [line.split("\t") for line in out.splitlines() if "\t" in line]
    return [(identity, service) for identity, service in found if service not in module.params["services"]]


def remove_containers(module):
    gone = superfluous_containers(module)
    identities = [identity for identity, _ in gone]
    # Stopped first: each has the time to end that Compose has given it.
    for words in (["stop"], ["rm", "--force"]) if gone and not module.check_mode else []:
        code, _, err = module.run_command(["docker", *words, *identities])
        if code != 0:
            module.warn(f"docker {words[0]}: {err.strip()}")
    return sorted({service for _, service in gone})


def newest_first(folder):
    names = [name for name in os.listdir(folder) if not name.startswith(".") and os.path.isdir(os.path.join(folder, name))]
    return sorted(names, key=lambda name: os.stat(os.path.join(folder, name)).st_mtime, reverse=True)


def superfluous(names, keep, current):
    kept = [name for name in current if name in names]
    others = [name for name in names if name not in kept]
    return others[max(keep - len(kept), 0) :]


def cut_off(folder):
    """What deployments that were cut off have left beside the releases."""
    return [name for name in os.listdir(folder) if name.startswith(".")]


def remove(module, path):
    try:
        os.unlink(path) if os.path.isfile(path) else shutil.rmtree(path)
    except OSError as error:
        module.warn(f"{path} could not be removed: {error.strerror}")


def images_of(folder, names):
    references = set()
    for name in names:
        try:
            with open(os.path.join(folder, name, "release.json"), encoding="utf-8") as file:
                references.update(json.load(file)["images"].values())
        except (OSError, ValueError, KeyError):
            # A release that was never whole names nothing.
            continue
    return references


def remove_images(module, kept):
    _, out, _ = module.run_command(["docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}"], check_rc=True)
    gone = sorted({reference for reference in out.split() if OWN_IMAGE.fullmatch(reference)} - kept)
    removed = []
    for reference in gone:
        # One that is in use stays; the next deployment tries again.
        code = 0 if module.check_mode else module.run_command(["docker", "image", "rm", reference])[0]
        removed += [reference] if code == 0 else []
    return removed


def main():
    module = AnsibleModule(
        argument_spec={
            "project": {"type": "str", "required": True},
            "services": {"type": "list", "elements": "str", "required": True},
            "folder": {"type": "path", "required": True},
            "keep": {"type": "int", "required": True},
            "current": {"type": "list", "elements": "str", "required": True},
        },
        supports_check_mode=True,
    )
    folder, keep, current = (module.params[name] for name in ("folder", "keep", "current"))
    containers = remove_containers(module)
    names = newest_first(folder)
    gone = superfluous(names, keep, current)
    for name in gone + cut_off(folder) if not module.check_mode else []:
        remove(module, os.path.join(folder, name))
    images = remove_images(module, images_of(folder, set(names) - set(gone)))
    module.exit_json(changed=bool(containers or gone or images), containers=containers, releases=gone, images=images)


if __name__ == "__main__":
    main()
