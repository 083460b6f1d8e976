#!/usr/bin/python
"""What a bare server is and has, asked once instead of in ten tasks."""

import json
import os
import re

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: oms_survey
short_description: tells system, Docker, clock and SSH ports of a server
description: [Nothing is changed.]
author: oms
"""

RETURN = """
system: {description: such as debian-13 or ubuntu-24.04, type: str, returned: always}
codename: {description: such as trixie, type: str, returned: always}
architecture: {description: as dpkg calls it, type: str, returned: always}
engine: {description: version of the Docker Engine or empty, type: str, returned: always}
compose: {description: version of the Compose plugin or empty, type: str, returned: always}
daemon: {description: content of daemon.json, type: dict, returned: always}
clock: {description: whether something keeps the clock, or nothing in here may, type: bool, returned: always}
nftables: {description: whether nft is there, type: bool, returned: always}
ssh_ports: {description: ports sshd listens on, type: list, returned: always}
"""

DAEMON = "/etc/docker/daemon.json"
CLOCKS = ("chrony", "chronyd", "ntpsec", "ntp", "openntpd", "systemd-timesyncd")


def os_release():
    with open("/etc/os-release", encoding="utf-8") as file:
        pairs = (line.rstrip("\n").partition("=") for line in file if "=" in line)
        return {name: value.strip('"') for name, _, value in pairs}


def said(module, *argv):
    code, out, _ = module.run_command(list(argv), handle_exceptions=False) if has(module, argv[0]) else (127, "", "")
    return out.strip() if code == 0 else ""


def has(module, program):
    return module.get_bin_path(program, opt_dirs=["/usr/sbin", "/sbin"]) is not None


def version(text):
    match = re.search(r"\d+\.\d+(\.\d+)?", text)
    return match.group(0) if match else ""


def daemon_settings(module):
    if not os.path.exists(DAEMON):
        return {}
    try:
        with open(DAEMON, encoding="utf-8") as file:
            settings = json.load(file)
    except ValueError as error:
        module.fail_json(msg=f"{DAEMON} is no JSON: {error}")
    if not isinstance(settings, dict):
        module.fail_json(msg=f"{DAEMON} holds no settings")
    return settings


def clock_is_kept(module):
    # A container has the clock of the machine it is on.
    if said(module, "systemd-detect-virt", "--container") not in ("", "none"):
        return True
    # One word a unit; the command fails where one of them is not active.
    _, out, _ = module.run_command(["systemctl", "is-active", *CLOCKS])
    return "active" in out.split()


def ssh_ports(module):
    ports = re.findall(r"^port (\d+)$", said(module, "sshd", "-T"), re.MULTILINE)
    return [int(port) for port in ports] or [22]


def main():
    module = AnsibleModule(argument_spec={}, supports_check_mode=True)
    system = os_release()
    module.exit_json(
        changed=False,
        system=f"{system.get('ID', '')}-{system.get('VERSION_ID', '')}",
        codename=system.get("VERSION_CODENAME", ""),
        architecture=said(module, "dpkg", "--print-architecture"),
        engine=version(said(module, "dockerd", "--version")),
        compose=version(said(module, "docker", "compose", "version", "--short")),
        daemon=daemon_settings(module),
        clock=clock_is_kept(module),
        nftables=has(module, "nft"),
        ssh_ports=ssh_ports(module),
    )


if __name__ == "__main__":
    main()
