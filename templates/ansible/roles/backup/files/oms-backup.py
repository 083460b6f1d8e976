#!/usr/bin/env python3
"""Backups of the shop's database on its own server: create, list, load, swap, discard.

Everything goes through MySQL's own tools inside its container; passwords stay in files there. Each call prints one line
of JSON. A backup is two files: NAME.sql.gz and NAME.json, which is written last and says what has to be in the other.
"""

import argparse
import datetime
import fcntl
import glob
import gzip
import hashlib
import json
import os
import subprocess
import sys
import time

SCHEMA = "oms"
# A backup is loaded beside the schema that runs; what ran before a restore stays under the other name until the next.
LOADED = "oms_loaded"
REPLACED = "oms_replaced"
# Rows of these are never deleted, so that their number at the dump's moment lies between the two that are counted.
COUNTED = ("orders", "order_items", "order_history", "payments", "ledger_entries", "shipments")
BACKUP_OPTIONS = "/run/secrets/mysql-backup-options"
# root is let in by the socket alone; its password goes from file to environment inside the container.
AS_ROOT = 'MYSQL_PWD="$(cat /run/secrets/mysql-root-password)" exec "$@"'
CHUNK = 1 << 20


class Failed(Exception):
    """Something that the person who asked can be told as it is."""


class Database:
    def __init__(self, project):
        self.project = project

    def container(self):
        labels = [f"label=com.docker.compose.project={self.project}", "label=com.docker.compose.service=mysql"]
        filters = [word for label in labels for word in ("--filter", label)]
        found = subprocess.run(["docker", "ps", "--quiet", *filters], capture_output=True, text=True, check=False)
        if found.returncode != 0:
            raise Failed(f"docker ps: {found.stderr.strip()}")
        if not found.stdout.strip():
            raise Failed("no container of mysql runs on this server")
        return found.stdout.split()[0]

    def argv(self, *command):
        return ["docker", "exec", "--interactive", self.container(), *command]

    def as_root(self, *command):
        return self.argv("sh", "-c", AS_ROOT, "sh", *command)

    def run(self, sql, schema=None):
        """Statements as root; rows as lists of texts."""
        argv = self.as_root("mysql", "--user=root", "--batch", "--skip-column-names", *([schema] if schema else []))
        done = subprocess.run(argv, input=sql, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(last_line(done.stderr) or f"mysql ended with {done.returncode}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def tables(self, schema):
        rows = self.run(
            f"SELECT table_name FROM information_schema.tables WHERE table_schema = '{schema}' AND table_type = 'BASE TABLE'"
        )
        return sorted(name for (name,) in rows)

    def views(self, schema):
        return int(self.run(f"SELECT COUNT(*) FROM information_schema.views WHERE table_schema = '{schema}'")[0][0])

    def counts(self, schema):
        there = [table for table in COUNTED if table in self.tables(schema)]
        if not there:
            return {}
        parts = [f"SELECT '{table}', COUNT(*) FROM `{schema}`.`{table}`" for table in there]
        return {name: int(count) for name, count in self.run(" UNION ALL ".join(parts))}

    def version(self, schema):
        if "schema_migrations" not in self.tables(schema):
            return 0
        return int(self.run(f"SELECT COALESCE(MAX(version), 0) FROM `{schema}`.schema_migrations")[0][0])


def last_line(text):
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def read_json(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def write_durably(path, text):
    temporary = path + ".partial"
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.rename(temporary, path)
    folder = os.open(os.path.dirname(path), os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            digest.update(chunk)
    return digest.hexdigest()


def dump_to(database, path):
    """Writes the dump, packed; tells how many bytes it has unpacked."""
    options = ["--single-transaction", "--routines", "--triggers", "--hex-blob", "--no-tablespaces"]
    # A dump for this server itself: it takes no other server's identity along.
    options += ["--set-gtid-purged=OFF", "--column-statistics=0"]
    argv = database.argv("mysqldump", f"--defaults-extra-file={BACKUP_OPTIONS}", *options, SCHEMA)
    size, ending = 0, b""
    with open(path, "wb") as file:
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=4, mtime=0) as packed:
            for chunk in iter(lambda: process.stdout.read(CHUNK), b""):
                packed.write(chunk)
                size += len(chunk)
                ending = (ending + chunk)[-200:]
        said = process.stderr.read().decode(errors="replace")
        code = process.wait()
        file.flush()
        os.fsync(file.fileno())
    if code != 0:
        raise Failed(f"mysqldump: {last_line(said)}")
    # Without it the dump was cut off, whatever the exit code says.
    if b"-- Dump completed" not in ending:
        raise Failed("the dump has no end")
    return size


def create(database, arguments):
    begun = time.monotonic()
    state = read_json(os.path.join(arguments.home, "state.json")) or {}
    name = now().strftime("%Y%m%dT%H%M%SZ")
    path = os.path.join(arguments.folder, f"{name}.sql.gz")
    try:
        before = database.counts(SCHEMA)
        version = database.version(SCHEMA)
        unpacked = dump_to(database, path + ".partial")
        after = database.counts(SCHEMA)
        os.rename(path + ".partial", path)
    except BaseException:
        if os.path.exists(path + ".partial"):
            os.unlink(path + ".partial")
        raise
    manifest = {
        "version": 1,
        "name": name,
        "at": now().isoformat(timespec="seconds").replace("+00:00", "Z"),
        "release": state.get("release"),
        "schemaVersion": version,
        "rows": {table: {"from": before[table], "to": after.get(table, before[table])} for table in before},
        "bytes": os.stat(path).st_size,
        "unpackedBytes": unpacked,
        "sha256": sha256_of(path),
        "seconds": round(time.monotonic() - begun, 1),
    }
    write_durably(os.path.join(arguments.folder, f"{name}.json"), json.dumps(manifest, indent=2) + "\n")
    return {**manifest, "removed": remove_old(arguments.folder, arguments.keep)}


def manifests(folder):
    found = [read_json(path) for path in glob.glob(os.path.join(folder, "*.json"))]
    return sorted((entry for entry in found if entry and "sha256" in entry), key=lambda entry: entry["name"], reverse=True)


def remove_old(folder, keep):
    names = [entry["name"] for entry in manifests(folder)[keep:]]
    for name in names:
        # First what makes it a backup.
        for ending in (".json", ".sql.gz"):
            path = os.path.join(folder, name + ending)
            if os.path.exists(path):
                os.unlink(path)
    return names


def list_all(_database, arguments):
    return {"backups": manifests(arguments.folder)}


def find(arguments):
    known = manifests(arguments.folder)
    wanted = [entry for entry in known if arguments.name in ("latest", entry["name"])]
    if not wanted:
        raise Failed(f"there is no backup {arguments.name} in {arguments.folder}")
    return wanted[0]


def pour(database, path):
    """The unpacked dump into the schema beside; its tables get their rows without a word in the binary log's way."""
    argv = database.as_root("mysql", "--user=root", "--init-command=SET SESSION sql_log_bin=0", LOADED)
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        with gzip.open(path, "rb") as packed:
            for chunk in iter(lambda: packed.read(CHUNK), b""):
                process.stdin.write(chunk)
        process.stdin.close()
    except BrokenPipeError:
        # It has ended; why stands in what it said.
        pass
    said = process.stderr.read().decode(errors="replace")
    if process.wait() != 0:
        raise Failed(f"the backup cannot be loaded: {last_line(said)}")


def compare(manifest, counts):
    wrong = [
        f"{table}: {counts.get(table)} rows, {rows['from']} to {rows['to']} expected"
        for table, rows in manifest["rows"].items()
        if not rows["from"] <= counts.get(table, -1) <= rows["to"]
    ]
    if wrong:
        raise Failed("the backup is not what it was: " + "; ".join(wrong))


def load(database, arguments):
    begun = time.monotonic()
    manifest = find(arguments)
    path = os.path.join(arguments.folder, manifest["name"] + ".sql.gz")
    if not os.path.exists(path) or sha256_of(path) != manifest["sha256"]:
        raise Failed(f"{path} is damaged: its checksum is another one than when it was made")
    database.run(f"DROP DATABASE IF EXISTS `{LOADED}`; CREATE DATABASE `{LOADED}`")
    try:
        pour(database, path)
        counts = database.counts(LOADED)
        compare(manifest, counts)
        if database.version(LOADED) != manifest["schemaVersion"]:
            raise Failed("the backup is of another schema than it says")
    except BaseException:
        database.run(f"DROP DATABASE IF EXISTS `{LOADED}`")
        raise
    return {"name": manifest["name"], "rows": counts, "seconds": round(time.monotonic() - begun, 1), "changed": True}


def swap(database, _arguments):
    """All tables change place in one statement, so that nobody ever sees half of them."""
    come, go = database.tables(LOADED), database.tables(SCHEMA)
    if not come:
        raise Failed("nothing is loaded that could be put in place")
    if database.views(SCHEMA) or database.views(LOADED):
        raise Failed("a view cannot be renamed into another schema")
    database.run(f"DROP DATABASE IF EXISTS `{REPLACED}`; CREATE DATABASE `{REPLACED}`")
    moves = [f"`{SCHEMA}`.`{table}` TO `{REPLACED}`.`{table}`" for table in go]
    moves += [f"`{LOADED}`.`{table}` TO `{SCHEMA}`.`{table}`" for table in come]
    database.run("RENAME TABLE " + ", ".join(moves) + f"; DROP DATABASE `{LOADED}`")
    return {"rows": database.counts(SCHEMA), "schemaVersion": database.version(SCHEMA), "changed": True}


def arguments_of(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", required=True)
    parser.add_argument("--project", required=True)
    commands = parser.add_subparsers(required=True)
    making = commands.add_parser("create")
    making.add_argument("--keep", type=int, default=14)
    making.set_defaults(work=create)
    commands.add_parser("list").set_defaults(work=list_all)
    loading = commands.add_parser("load")
    loading.add_argument("name")
    loading.set_defaults(work=load)
    commands.add_parser("swap").set_defaults(work=swap)
    arguments = parser.parse_args(argv)
    arguments.folder = os.path.join(arguments.home, "backups")
    return arguments


def main(argv):
    arguments = arguments_of(argv)
    # Nobody else may read what customers have bought.
    os.umask(0o077)
    try:
        with open(os.path.join(arguments.folder, ".lock"), "w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as taken:
                raise Failed("another backup or restore is under way") from taken
            answer = arguments.work(Database(arguments.project), arguments)
    except (Failed, OSError) as error:
        print(f"oms-backup: {error}", file=sys.stderr)
        return 1
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
