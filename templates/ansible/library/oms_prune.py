#!/usr/bin/python
"""Removes releases beyond the number that is kept, and our own images that no kept release names."""

import json
import os
import shutil

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: oms_prune
short_description: removes old releases and their images
options:
  folder: {description: folder with one folder a release, type: path, required: true}
  keep: {description: how many releases stay, type: int, required: true}
  current: {description: releases that stay in any case, type: list, elements: str, required: true}
author: oms
"""

RETURN = """
releases: {description: ids of the releases removed, type: list, returned: always}
images: {description: references of the images removed, type: list, returned: always}
"""

# What is built from a release's own contexts; everything else on the server may be somebody else's.
OWN_IMAGES = "oms-*"


def newest_first(folder):
    names = [name for name in os.listdir(folder) if not name.startswith(".")]
    return sorted(names, key=lambda name: os.stat(os.path.join(folder, name)).st_mtime, reverse=True)


def superfluous(names, keep, current):
    kept = [name for name in current if name in names]
    others = [name for name in names if name not in kept]
    return others[max(keep - len(kept), 0) :]


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
    argv = ["docker", "image", "ls", "--filter", "reference=" + OWN_IMAGES, "--format", "{{.Repository}}:{{.Tag}}"]
    _, out, _ = module.run_command(argv, check_rc=True)
    gone = sorted(set(out.split()) - kept)
    removed = []
    for reference in gone:
        # One that is in use stays; the next deployment tries again.
        code = 0 if module.check_mode else module.run_command(["docker", "image", "rm", reference])[0]
        removed += [reference] if code == 0 else []
    return removed


def main():
    module = AnsibleModule(
        argument_spec={
            "folder": {"type": "path", "required": True},
            "keep": {"type": "int", "required": True},
            "current": {"type": "list", "elements": "str", "required": True},
        },
        supports_check_mode=True,
    )
    folder, keep, current = (module.params[name] for name in ("folder", "keep", "current"))
    names = newest_first(folder)
    gone = superfluous(names, keep, current)
    for name in gone if not module.check_mode else []:
        shutil.rmtree(os.path.join(folder, name))
    images = remove_images(module, images_of(folder, set(names) - set(gone)))
    module.exit_json(changed=bool(gone or images), releases=gone, images=images)


if __name__ == "__main__":
    main()
