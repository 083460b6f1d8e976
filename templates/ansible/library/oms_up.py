#!/usr/bin/python
"""Brings services up and watches their containers until they are well: the health gate."""

import re
import subprocess
import time

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: oms_up
short_description: brings services up and waits until their containers are well
description:
  - Compose starts the containers, this module watches them. "docker compose up --wait" may end well although a container
    never got healthy, and says of one that ends again and again only that it is unhealthy.
  - A container is well when its health check says so, or runs for a second where it has none.
  - The gate stays closed as soon as one ends, or when its time is over; then the last that the container wrote is in the
    message, for a way back removes the container.
options:
  compose: {description: Docker Compose with all of its flags, type: list, elements: str, required: true}
  project: {description: name of the Compose project, type: str, required: true}
  services: {description: services to bring up together, type: list, elements: str, required: true}
  scales: {description: how many containers a service has where it is not one, type: dict, default: {}}
  recreate: {description: whether containers are made anew that are as they should be, type: bool, default: false}
  seconds: {description: how long it may take until all are well, type: float, required: true}
author: oms
"""

RETURN = """
seconds: {description: from the start of the containers until all were well, type: float, returned: success}
"""

LOOK_SECONDS = 0.5
STEADY_SECONDS = 1
LOG_LINES = 20
# Less than the callback plugin keeps of a message, so that its beginning stays.
LOG_CHARACTERS = 60000

FIELDS = (
    "{{.Id}}\t{{.Name}}\t{{.State.Status}}\t{{if .State.Health}}{{.State.Health.Status}}{{end}}"
    "\t{{.RestartCount}}\t{{.State.ExitCode}}"
)


class Container:
    def __init__(self, identity, name, state, health, restarts, exit_code):
        self.identity = identity
        self.name = name.lstrip("/")
        self.state = state
        self.health = "" if health == "none" else health
        self.restarts = int(restarts)
        self.exit_code = int(exit_code)


class Gate:
    def __init__(self, module):
        self.module = module
        self.project = module.params["project"]
        self.services = module.params["services"]
        self.scales = {name: int(count) for name, count in module.params["scales"].items()}
        self.seconds = module.params["seconds"]
        self.begun = time.time()
        # By container: what its count of restarts was before, and when it was first seen running.
        self.restarts = {}
        self.running_since = {}

    def identities(self):
        # Containers of a "compose run" are no part of the service.
        labels = [f"com.docker.compose.project={self.project}", "com.docker.compose.oneoff=False"]
        filters = [word for label in labels for word in ("--filter", "label=" + label)]
        fields = '{{.ID}}\t{{.Label "com.docker.compose.service"}}'
        argv = ["docker", "ps", "--all", "--no-trunc", *filters, "--format", fields]
        _, out, _ = self.module.run_command(argv, check_rc=True)
        pairs = [line.split("\t") for line in out.splitlines() if "\t" in line]
        return [(identity, service) for identity, service in pairs if service in self.services]

    def look(self):
        """The containers by service."""
        found = {name: [] for name in self.services}
        services = dict(self.identities())
        if services:
            # One that is gone meanwhile is an error of the command, and not among the lines.
            _, out, _ = self.module.run_command(["docker", "inspect", "--type=container", "--format", FIELDS, *services])
            for container in [Container(*line.split("\t")) for line in out.splitlines() if line.count("\t") == 5]:
                found[services[container.identity]].append(container)
        return found

    def start(self):
        for container in (one for own in self.look().values() for one in own):
            self.restarts[container.identity] = container.restarts
        flags = ["--detach", "--no-deps", "--no-build"]
        flags += ["--force-recreate"] if self.module.params["recreate"] else []
        flags += [f"--scale={name}={count}" for name, count in self.scales.items() if name in self.services]
        argv = [*self.module.params["compose"], "up", *flags, *self.services]
        code, out, err = self.module.run_command(argv)
        if code != 0:
            said = (err.strip() or out.strip() or "it gave no reason").splitlines()[-1]
            self.module.fail_json(msg=f"docker compose up: {said}", rc=code, stdout=out, stderr=err)

    def has_ended(self, container):
        # A container that is started by hand begins at 0 again.
        before = min(self.restarts.get(container.identity, 0), container.restarts)
        self.restarts[container.identity] = before
        return container.restarts > before or container.state in ("restarting", "exited", "dead")

    def is_well(self, container):
        if container.state != "running":
            self.running_since.pop(container.identity, None)
            return False
        since = self.running_since.setdefault(container.identity, time.monotonic())
        return container.health == "healthy" if container.health else time.monotonic() - since >= STEADY_SECONDS

    def expected(self, service):
        return self.scales.get(service, 1)

    def wait(self):
        begun = time.monotonic()
        while True:
            found = self.look()
            containers = [one for own in found.values() for one in own]
            ended = [one for one in containers if self.has_ended(one)]
            if ended:
                self.close([self.ending(one) for one in ended], ended[0])
            ill = [one for one in containers if not self.is_well(one)]
            counts = [(name, len(found[name])) for name in self.services if len(found[name]) != self.expected(name)]
            if not ill and not counts:
                return time.monotonic() - begun
            # Asked after the look: what is well at the last moment is well, what is not is not.
            if time.monotonic() - begun >= self.seconds:
                missing = [f"{name} has {count} of {self.expected(name)} containers" for name, count in counts]
                self.close([self.illness(one) for one in ill] + missing, ill[0] if ill else None)
            time.sleep(LOOK_SECONDS)

    def illness(self, container):
        seconds = f"{self.seconds:g} s"
        if container.state != "running":
            return f"container {container.name} never runs within {seconds}: it is {container.state}"
        if not container.health:
            return f"container {container.name} does not run for {STEADY_SECONDS} s within {seconds}"
        return f"container {container.name} never gets healthy within {seconds}: its health check says {container.health}"

    def ending(self, container):
        code = container.exit_code if container.state != "running" else self.last_exit_code(container)
        told = "ends" if code is None else f"exits with code {code}"
        times = f", {container.restarts} restart{'' if container.restarts == 1 else 's'}" if container.restarts else ""
        return f"container {container.name} {told}{times}"

    def last_exit_code(self, container):
        """Of one that runs again, which has none of its own."""
        filters = ["--filter", "container=" + container.identity, "--filter", "event=die"]
        span = ["--since", str(int(self.begun)), "--until", str(int(time.time()) + 1)]
        fields = '{{index .Actor.Attributes "exitCode"}}'
        _, out, _ = self.module.run_command(["docker", "events", *span, *filters, "--format", fields])
        codes = [word for word in out.split() if word.isdigit()]
        return int(codes[-1]) if codes else None

    def log(self, container):
        argv = ["docker", "logs", f"--tail={LOG_LINES}", container.identity]
        try:
            # Both streams in one, in the order in which they were written.
            said = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20, check=False).stdout
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"its log cannot be read: {error}"
        return printable(said.decode("utf-8", "replace"))[-LOG_CHARACTERS:].strip("\n") or "it wrote nothing"

    def close(self, reasons, container):
        log = f"\nThe last that {container.name} wrote:\n{self.log(container)}" if container else ""
        self.module.fail_json(msg="; ".join(reasons) + log)


def printable(text):
    plain = re.sub(r"\x1b\[[0-9;?]*[ -/]*[@-~]", "", text).replace("\r\n", "\n").replace("\t", " ")
    return "".join(sign if sign == "\n" or sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in plain)


def main():
    module = AnsibleModule(
        argument_spec={
            "compose": {"type": "list", "elements": "str", "required": True},
            "project": {"type": "str", "required": True},
            "services": {"type": "list", "elements": "str", "required": True},
            "scales": {"type": "dict", "default": {}},
            "recreate": {"type": "bool", "default": False},
            "seconds": {"type": "float", "required": True},
        },
        supports_check_mode=True,
    )
    # Without a name Compose would bring up everything.
    if module.check_mode or not module.params["services"]:
        module.exit_json(changed=bool(module.params["services"]))
    gate = Gate(module)
    gate.start()
    module.exit_json(changed=True, seconds=round(gate.wait(), 3))


if __name__ == "__main__":
    main()
