#!/usr/bin/env python3
"""Backups of the shop's database on its own server: create, list, now, load, swap, accept, give-up.

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
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid

NAME = re.compile(r"[0-9]{8}T[0-9]{6}Z")
# There from before a swap until the site has gone on with what was put in place.
RESTORING = "restoring"
LOCK = ".lock"
# The consumers' positions in the hub that orders come through.
GROUP = "oms-core"
HUB = "orders"
# Rows of these are never deleted, so that their number at the dump's moment lies between the two that are counted.
COUNTED = ("orders", "order_items", "order_history", "payments", "ledger_entries", "shipments")
BACKUP_OPTIONS = "/run/secrets/mysql-backup-options"
# root is let in by the socket alone; its password goes from file to environment inside the container.
AS_ROOT = 'MYSQL_PWD="$(cat /run/secrets/mysql-root-password)" exec "$@"'
CHUNK = 1 << 20
# A statement that reads for a minute must not have every order of the shop wait behind a rename for a year.
PATIENCE = 30
# Room that is left over for everything else on the disk, and what tables take of their dump's size at the most.
SPARE = 64 << 20
TABLES_TO_DUMP = 2.5
# Node is all there is in the hub's image; this port is its own and not published.
ASK_HUB = (
    'require("http").get("http://127.0.0.1:8080/hubs",r=>r.pipe(process.stdout)).on("error",()=>process.exit(1))'
)


class Failed(Exception):
    """Something that the person who asked can be told as it is."""


def containers(project, service):
    labels = [f"label=com.docker.compose.project={project}", f"label=com.docker.compose.service={service}"]
    filters = [word for label in labels for word in ("--filter", label)]
    words = ["docker", "ps", "--quiet", *filters]
    found = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if found.returncode != 0:
        raise Failed(f"docker ps: {last_line(found.stderr)}")
    return found.stdout.split()


class Database:
    def __init__(self, project, schema, patience):
        self.project = project
        self.patience = patience
        self.schema = schema
        # A backup is loaded beside the schema that runs; what ran before a restore stays under the other name until
        # the next one.
        self.loaded = f"{schema}_loaded"
        self.replaced = f"{schema}_replaced"

    def container(self):
        found = containers(self.project, "mysql")
        if not found:
            raise Failed("no container of mysql runs on this server")
        return found[0]

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
            "SELECT table_name FROM information_schema.tables "
            f"WHERE table_schema = '{schema}' AND table_type = 'BASE TABLE'"
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

    def newest(self, schema):
        """The order that was stored last."""
        if "orders" not in self.tables(schema):
            return None
        sql = f"SELECT HEX(order_id), placed_at FROM `{schema}`.orders ORDER BY order_seq DESC LIMIT 1"
        rows = self.run(sql)
        return {"id": str(uuid.UUID(hex=rows[0][0])), "placedAt": instant(rows[0][1])} if rows else None

    def positions(self, schema):
        """How far the consumers have stored what is in the hub: the last sequence number by partition."""
        if "consumer_checkpoints" not in self.tables(schema):
            return []
        rows = self.run(
            "SELECT partition_id, hub_created_at, sequence_number "
            f"FROM `{schema}`.consumer_checkpoints WHERE hub = '{HUB}' AND consumer_group = '{GROUP}' "
            "ORDER BY hub_created_at, partition_id"
        )
        return [{"partition": int(id), "hubCreatedAt": instant(at), "sequence": int(last)} for id, at, last in rows]

    def free(self):
        """Bytes on the disk of the tables; unknown where the container has no df."""
        folder = self.run("SELECT @@datadir")[0][0]
        argv = self.argv("df", "-Pk", folder)
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        words = last_line(done.stdout).split()
        return int(words[3]) * 1024 if done.returncode == 0 and len(words) > 3 and words[3].isdigit() else None

    def move(self, moves):
        """Tables change place in one statement, so that nobody ever sees half of them."""
        pairs = [f"`{here}`.`{table}` TO `{there}`.`{table}`" for here, there in moves for table in self.tables(here)]
        self.run(f"SET SESSION lock_wait_timeout = {self.patience}; RENAME TABLE " + ", ".join(pairs))


def instant(text):
    """A DATETIME, which is UTC here, as ISO 8601."""
    return text.replace(" ", "T") + "Z"


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


def finish(process, said):
    """Ends a program that is not needed any more, whatever it does; tells what it said last."""
    if process.poll() is None:
        process.kill()
    process.wait()
    said.seek(0)
    return last_line(said.read().decode(errors="replace"))


def dump_to(database, path):
    """Writes the dump, packed; tells how many bytes it has unpacked."""
    options = ["--single-transaction", "--routines", "--triggers", "--hex-blob", "--no-tablespaces"]
    # A dump for this server itself: it takes no other server's identity along. What a newer mysqldump would dump needs
    # a right that MySQL 8.4 does not know.
    options += ["--set-gtid-purged=OFF", "--column-statistics=0", "--loose-skip-masking-policies"]
    argv = database.argv("mysqldump", f"--defaults-extra-file={BACKUP_OPTIONS}", *options, database.schema)
    size, ending = 0, b""
    with tempfile.TemporaryFile() as said, open(path, "wb") as file:
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said)
        try:
            with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=4, mtime=0) as packed:
                for chunk in iter(lambda: process.stdout.read(CHUNK), b""):
                    packed.write(chunk)
                    size += len(chunk)
                    ending = (ending + chunk)[-200:]
            file.flush()
            os.fsync(file.fileno())
            process.wait()
        finally:
            complaint = finish(process, said)
    if process.returncode != 0:
        raise Failed(f"mysqldump: {complaint or process.returncode}")
    # Without it the dump was cut off, whatever the exit code says.
    if b"-- Dump completed" not in ending:
        raise Failed("the dump has no end")
    return size


def require_room(free, needed, what):
    if free is not None and free < needed + SPARE:
        raise Failed(f"{what} needs about {needed >> 20} MiB of disk, and {free >> 20} MiB are free")


def clear_leftovers(folder):
    """What a run that was killed or whose power was cut has left; nobody else is at work, the lock is held."""
    for path in glob.glob(os.path.join(folder, "*.partial")):
        os.unlink(path)
    for path in glob.glob(os.path.join(folder, "*.sql.gz")):
        if NAME.fullmatch(os.path.basename(path)[:16]) and not os.path.exists(path[: -len(".sql.gz")] + ".json"):
            os.unlink(path)


def create(database, arguments):
    begun = time.monotonic()
    clear_leftovers(arguments.folder)
    known = manifests(arguments.folder)
    if known:
        free = shutil.disk_usage(arguments.folder).free
        require_room(free, int(known[0]["bytes"] * 1.2), "a backup as large as the last one")
    state = read_json(os.path.join(arguments.home, "state.json")) or {}
    name = now().strftime("%Y%m%dT%H%M%SZ")
    path = os.path.join(arguments.folder, f"{name}.sql.gz")
    if os.path.exists(path):
        raise Failed(f"there is a backup {name} already")
    try:
        # Before the dump: what is stored meanwhile is in the dump and read once more, which changes nothing.
        positions, newest = database.positions(database.schema), database.newest(database.schema)
        before = database.counts(database.schema)
        version = database.version(database.schema)
        unpacked = dump_to(database, path + ".partial")
        after = database.counts(database.schema)
        check_packed(path + ".partial", unpacked)
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
        "newestOrder": newest,
        "positions": positions,
        "bytes": os.stat(path).st_size,
        "unpackedBytes": unpacked,
        "sha256": sha256_of(path),
        "seconds": round(time.monotonic() - begun, 1),
    }
    write_durably(os.path.join(arguments.folder, f"{name}.json"), json.dumps(manifest, indent=2) + "\n")
    return {**manifest, "removed": remove_old(arguments.folder, arguments.keep)}


def check_packed(path, unpacked):
    """What was written can be read again, to its end."""
    size = 0
    with gzip.open(path, "rb") as packed:
        for chunk in iter(lambda: packed.read(CHUNK), b""):
            size += len(chunk)
    if size != unpacked:
        raise Failed(f"the file has {size} bytes of the {unpacked} that were written")


def is_manifest(entry, path):
    known = isinstance(entry, dict) and {"name", "at", "sha256", "bytes", "rows", "schemaVersion"} <= entry.keys()
    return known and entry["name"] == os.path.basename(path)[: -len(".json")] and bool(NAME.fullmatch(entry["name"]))


def manifests(folder):
    found = [(read_json(path), path) for path in glob.glob(os.path.join(folder, "*.json"))]
    known = [entry for entry, path in found if is_manifest(entry, path)]
    return sorted(known, key=lambda entry: entry["name"], reverse=True)


def remove_old(folder, keep):
    """The oldest ones beyond the number that stays; 0 lets all of them stay."""
    names = [entry["name"] for entry in manifests(folder)[keep:]] if keep > 0 else []
    for name in names:
        # First what makes it a backup.
        for ending in (".json", ".sql.gz"):
            path = os.path.join(folder, name + ending)
            if os.path.exists(path):
                os.unlink(path)
    return names


def state_of_file(folder, manifest):
    try:
        size = os.stat(os.path.join(folder, manifest["name"] + ".sql.gz")).st_size
    except OSError:
        return "missing"
    return "whole" if size == manifest["bytes"] else "cut"


def list_all(_database, arguments):
    known = manifests(arguments.folder)
    return {"backups": [{**entry, "file": state_of_file(arguments.folder, entry)} for entry in known]}


def look_at(database):
    try:
        schema = database.schema
        return {
            "rows": database.counts(schema),
            "newestOrder": database.newest(schema),
            "positions": database.positions(schema),
            "schemaVersion": database.version(schema),
            "problem": None,
        }
    except (Failed, OSError) as error:
        return {"rows": {}, "newestOrder": None, "positions": [], "schemaVersion": 0, "problem": str(error)}


def hub_of(project):
    """The site's own hub, where it has one: which events each partition has."""
    found = containers(project, "hub")
    if not found:
        return None
    argv = ["docker", "exec", found[0], "node", "-e", ASK_HUB]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, check=False)
    try:
        hubs = json.loads(done.stdout)
    except ValueError:
        return None
    return next((hub for hub in hubs if hub["name"] == HUB), None)


def look(database, arguments):
    """How the database is now; what cannot be told is left out, a restore may be what mends it."""
    state = read_json(os.path.join(arguments.home, "state.json")) or {}
    release = os.path.join(arguments.home, "releases", str(state.get("release")))
    return {
        **look_at(database),
        "hub": hub_of(arguments.project),
        "composeFiles": sorted(os.path.basename(path) for path in glob.glob(os.path.join(release, "compose*.yaml"))),
        "backups": list_all(database, arguments)["backups"],
        "restoring": read_json(os.path.join(arguments.folder, RESTORING)),
    }


def find(arguments):
    known = manifests(arguments.folder)
    wanted = [entry for entry in known if arguments.name in ("latest", entry["name"])]
    if not wanted:
        raise Failed(f"there is no backup {arguments.name} in {arguments.folder}")
    return wanted[0]


def pour(database, path):
    """The unpacked dump into the schema beside; its tables get their rows without a word in the binary log's way."""
    argv = database.as_root("mysql", "--user=root", "--init-command=SET SESSION sql_log_bin=0", database.loaded)
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said)
        try:
            with gzip.open(path, "rb") as packed:
                for chunk in iter(lambda: packed.read(CHUNK), b""):
                    process.stdin.write(chunk)
            process.stdin.close()
            process.wait()
        except BrokenPipeError:
            # It has ended; why stands in what it said.
            process.wait()
        finally:
            complaint = finish(process, said)
    if process.returncode != 0:
        raise Failed(f"the backup cannot be loaded: {complaint or process.returncode}")


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
    if state_of_file(arguments.folder, manifest) != "whole" or sha256_of(path) != manifest["sha256"]:
        raise Failed(f"{path} is damaged: its checksum is another one than when it was made")
    # What an earlier restore has left makes room first.
    database.run(f"DROP DATABASE IF EXISTS `{database.loaded}`; DROP DATABASE IF EXISTS `{database.replaced}`")
    require_room(database.free(), int(manifest.get("unpackedBytes", 0) * TABLES_TO_DUMP), "loading the backup")
    database.run(f"CREATE DATABASE `{database.loaded}`")
    try:
        pour(database, path)
        counts = database.counts(database.loaded)
        compare(manifest, counts)
        if database.version(database.loaded) != manifest["schemaVersion"]:
            raise Failed("the backup is of another schema than it says")
    except BaseException:
        database.run(f"DROP DATABASE IF EXISTS `{database.loaded}`")
        raise
    return {"name": manifest["name"], "rows": counts, "seconds": round(time.monotonic() - begun, 1), "changed": True}


def swap(database, arguments):
    if not database.tables(database.loaded):
        raise Failed("nothing is loaded that could be put in place")
    if database.views(database.schema) or database.views(database.loaded):
        raise Failed("a view cannot be renamed into another schema")
    # From here on it goes to its end: a second of work, and a half is worse than either whole.
    for number in ENDINGS:
        signal.signal(number, signal.SIG_IGN)
    database.run(f"DROP DATABASE IF EXISTS `{database.replaced}`; CREATE DATABASE `{database.replaced}`")
    marker = os.path.join(arguments.folder, RESTORING)
    write_durably(marker, json.dumps({"at": now().isoformat(timespec="seconds")}))
    try:
        database.move([(database.schema, database.replaced), (database.loaded, database.schema)])
    except Failed as error:
        os.unlink(marker)
        raise Failed(f"the database is in use, nothing was changed: {error}") from error
    database.run(f"DROP DATABASE `{database.loaded}`")
    return {"rows": database.counts(database.schema), "changed": True}


def accept(_database, arguments):
    """The site goes on with what was put in place."""
    path = os.path.join(arguments.folder, RESTORING)
    there = os.path.exists(path)
    if there:
        os.unlink(path)
    return {"changed": there}


def give_up(database, arguments):
    """Puts everything back as it was before the restore that has just failed or was interrupted."""
    marker = os.path.join(arguments.folder, RESTORING)
    undone = False
    if os.path.exists(marker):
        # Either all tables have moved or none has.
        if database.tables(database.replaced) and not database.tables(database.loaded):
            database.run(f"CREATE DATABASE IF NOT EXISTS `{database.loaded}`")
            database.move([(database.schema, database.loaded), (database.replaced, database.schema)])
            undone = True
        os.unlink(marker)
    database.run(f"DROP DATABASE IF EXISTS `{database.loaded}`")
    return {"undone": undone, "changed": undone}


def kept(text):
    number = int(text)
    if not 0 <= number <= 10_000:
        raise argparse.ArgumentTypeError("0 to 10000")
    return number


def name_of(text):
    if text != "latest" and not NAME.fullmatch(text):
        raise argparse.ArgumentTypeError("a name such as 20261121T023000Z, or latest")
    return text


def arguments_of(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", required=True)
    parser.add_argument("--project", required=True)
    parser.add_argument("--schema", default="oms")
    parser.add_argument("--patience", type=int, default=PATIENCE)
    parser.set_defaults(alone=True, stops=False)
    commands = parser.add_subparsers(required=True)
    making = commands.add_parser("create")
    making.add_argument("--keep", type=kept, default=14)
    making.set_defaults(work=create)
    commands.add_parser("list").set_defaults(work=list_all, alone=False)
    commands.add_parser("now").set_defaults(work=look, alone=False)
    loading = commands.add_parser("load")
    loading.add_argument("name", type=name_of)
    loading.set_defaults(work=load)
    commands.add_parser("swap").set_defaults(work=swap)
    commands.add_parser("accept").set_defaults(work=accept)
    commands.add_parser("give-up").set_defaults(work=give_up, stops=True)
    arguments = parser.parse_args(argv)
    arguments.folder = os.path.join(arguments.home, "backups")
    return arguments


class Alone:
    """At most one of them changes anything at a time."""

    def __init__(self, folder, stops):
        self.path = os.path.join(folder, LOCK)
        self.stops = stops

    def __enter__(self):
        self.file = open(self.path, "a+", encoding="utf-8")
        if not self.taken():
            raise Failed("another backup or restore is under way")
        self.file.truncate(0)
        self.file.write(str(os.getpid()))
        self.file.flush()

    def __exit__(self, *_):
        self.file.truncate(0)
        self.file.close()

    def taken(self):
        """Whoever was asked for by a run that is over goes on here until it is told to stop."""
        deadline = time.monotonic() + (PATIENCE * 2 if self.stops else 0)
        asked = False
        while True:
            try:
                fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
            if not asked:
                self.ask_to_stop()
                asked = True
            time.sleep(0.1)

    def ask_to_stop(self):
        self.file.seek(0)
        text = self.file.read()
        if text.isdigit():
            os.kill(int(text), signal.SIGTERM)


ENDINGS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def leave(_number, _frame):
    raise Failed("it was told to stop")


def work(arguments):
    database = Database(arguments.project, arguments.schema, arguments.patience)
    if not arguments.alone:
        return arguments.work(database, arguments)
    os.makedirs(arguments.folder, mode=0o700, exist_ok=True)
    with Alone(arguments.folder, arguments.stops):
        return arguments.work(database, arguments)


def main(argv):
    arguments = arguments_of(argv)
    # Nobody else may read what customers have bought.
    os.umask(0o077)
    for number in ENDINGS:
        signal.signal(number, leave)
    try:
        answer = work(arguments)
    except (Failed, OSError, EOFError) as error:
        print(f"oms-backup: {error}", file=sys.stderr)
        return 1
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
