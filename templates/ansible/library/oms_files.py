#!/usr/bin/python
"""Folders and files of a site, all in one go: a task for each of them would take a second each."""

import os
import tempfile

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: oms_files
short_description: makes folders and writes files below one folder
description:
  - Each folder and file gets the owner and the mode that are asked for; files are replaced by renaming, and only
    where their content differs.
  - Somebody who is not root cannot give files away. Files that are meant for others are readable for all then; the
    folder above has to keep strangers out.
options:
  root: {description: folder that all paths are below, type: path, required: true}
  folders: {description: path, mode, uid and gid of each folder, type: list, elements: dict, default: []}
  files: {description: path, content, mode, uid and gid of each file, type: list, elements: dict, default: []}
  only: {description: folder below the root in which nothing else may stay, type: str}
author: oms
"""

RETURN = """
paths: {description: what was changed, type: list, returned: always}
"""


class Tree:
    def __init__(self, root, check):
        self.root = root
        self.check = check
        self.paths = []

    def _note(self, path):
        self.paths.append(os.path.relpath(path, self.root))

    def _own(self, path, entry, shared_mode=None):
        """Owner and mode; for who is not root, the mode that lets the owner meant read it, too."""
        mode = int(entry["mode"], 8)
        have = os.lstat(path)
        uid, gid = int(entry.get("uid", 0)), int(entry.get("gid", 0))
        if os.geteuid() != 0:
            mode = shared_mode if shared_mode is not None and uid not in (0, os.geteuid()) else mode
            uid, gid = have.st_uid, have.st_gid
        if (have.st_mode & 0o7777, have.st_uid, have.st_gid) == (mode, uid, gid):
            return False
        if not self.check:
            os.chown(path, uid, gid)
            os.chmod(path, mode)
        return True

    def folder(self, entry):
        path = os.path.join(self.root, entry["path"])
        made = not os.path.isdir(path)
        if made and not self.check:
            os.makedirs(path, 0o700)
        if made or self._own(path, entry):
            self._note(path)
        if made and not self.check:
            self._own(path, entry)

    @staticmethod
    def _same(path, content):
        try:
            with open(path, "rb") as file:
                return file.read() == content
        except FileNotFoundError:
            return False

    def file(self, entry):
        path = os.path.join(self.root, entry["path"])
        content = entry["content"].encode()
        if self._same(path, content):
            if self._own(path, entry, 0o444):
                self._note(path)
            return
        self._note(path)
        if self.check:
            return
        handle, temporary = tempfile.mkstemp(prefix=".oms-", dir=os.path.dirname(path))
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            self._own(temporary, entry, 0o444)
            os.rename(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise

    def nothing_else(self, folder, files):
        known = {os.path.join(self.root, entry["path"]) for entry in files}
        above = os.path.join(self.root, folder)
        for name in sorted(os.listdir(above)) if os.path.isdir(above) else []:
            path = os.path.join(above, name)
            if path not in known and not os.path.isdir(path):
                self._note(path)
                if not self.check:
                    os.unlink(path)


def main():
    module = AnsibleModule(
        argument_spec={
            "root": {"type": "path", "required": True},
            "folders": {"type": "list", "elements": "dict", "default": []},
            # Contents may be secrets; whatever a task says of no_log, they are not logged on the server.
            "files": {"type": "list", "elements": "dict", "default": [], "no_log": True},
            "only": {"type": "str"},
        },
        supports_check_mode=True,
    )
    wanted = module.params
    tree = Tree(wanted["root"], module.check_mode)
    try:
        for entry in wanted["folders"]:
            tree.folder(entry)
        for entry in wanted["files"]:
            tree.file(entry)
        if wanted["only"]:
            tree.nothing_else(wanted["only"], wanted["files"])
    except OSError as error:
        module.fail_json(msg=f"{error.filename or tree.root}: {error.strerror}")
    module.exit_json(changed=bool(tree.paths), paths=tree.paths)


if __name__ == "__main__":
    main()
