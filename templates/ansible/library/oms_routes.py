#!/usr/bin/python
"""Keeps the proxy's routes while a release comes, and puts them back when it goes."""

import filecmp
import os
import shutil
import tempfile

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: oms_routes
short_description: keeps the routes of a release, or puts them back
description:
  - Kept routes bear the name of their release. A deployment that goes on where it was cut off finds those of before, and
    not what it has written itself meanwhile.
  - The proxy watches the folder; each file is replaced by renaming, so that it reads the old one or the new one.
options:
  folder: {description: folder of the proxy, type: path, required: true}
  release: {description: release the routes are of, type: str, required: true}
  state: {description: what is done with them, type: str, choices: [kept, back, forgotten], required: true}
author: oms
"""

RETURN = """
paths: {description: what was changed, type: list, returned: always}
"""


def onto_disk(path):
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def files_of(folder):
    """Not what is being written by somebody else."""
    names = os.listdir(folder) if os.path.isdir(folder) else []
    return sorted(name for name in names if not name.startswith(".") and not name.endswith(".part"))


def copy_whole(source, target, mode=0o644):
    handle, temporary = tempfile.mkstemp(prefix=".oms-", dir=os.path.dirname(target))
    os.close(handle)
    try:
        shutil.copyfile(source, temporary)
        os.chmod(temporary, mode)
        onto_disk(temporary)
        os.rename(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def keep(watched, kept, check):
    if os.path.isdir(kept):
        return []
    names = files_of(watched)
    if not check:
        above = os.path.dirname(kept)
        # Those of an earlier release, and half a copy.
        shutil.rmtree(above, ignore_errors=True)
        partial = os.path.join(above, ".partial")
        os.makedirs(partial)
        for name in names:
            copy_whole(os.path.join(watched, name), os.path.join(partial, name))
        onto_disk(partial)
        os.rename(partial, kept)
    return names


def put_back(watched, kept, check):
    if not os.path.isdir(kept):
        return []
    before, now = files_of(kept), files_of(watched)
    pairs = [(os.path.join(kept, name), os.path.join(watched, name), name) for name in before]
    differing = [pair for pair in pairs if pair[2] not in now or not filecmp.cmp(pair[0], pair[1], shallow=False)]
    superfluous = [name for name in now if name not in before]
    if not check:
        for source, target, _ in differing:
            copy_whole(source, target)
        for name in superfluous:
            os.unlink(os.path.join(watched, name))
    return [name for _, _, name in differing] + superfluous


def forget(_watched, kept, check):
    above = os.path.dirname(kept)
    if not os.path.isdir(above):
        return []
    if not check:
        shutil.rmtree(above)
    return [os.path.basename(above)]


def main():
    module = AnsibleModule(
        argument_spec={
            "folder": {"type": "path", "required": True},
            "release": {"type": "str", "required": True},
            "state": {"type": "str", "required": True, "choices": ["kept", "back", "forgotten"]},
        },
        supports_check_mode=True,
    )
    work = {"kept": keep, "back": put_back, "forgotten": forget}[module.params["state"]]
    folder = module.params["folder"]
    kept = os.path.join(folder, "before", module.params["release"])
    try:
        paths = work(os.path.join(folder, "dynamic"), kept, module.check_mode)
    except OSError as error:
        module.fail_json(msg=f"{error.filename or folder}: {error.strerror}")
    module.exit_json(changed=bool(paths), paths=paths)


if __name__ == "__main__":
    main()
