#!/bin/bash
# The contract of the official image: NAME_FILE, a data folder made at the first start with the given settings, accounts
# and /docker-entrypoint-initdb.d in it, then mysqld with those settings as whoever the container runs as.
set -eo pipefail

DATA=/var/lib/mysql
SOCKET=/var/run/mysqld/mysqld.sock

note() { printf '%s [Note] [Entrypoint]: %s\n' "$(date --rfc-3339=seconds)" "$*"; }
fail() { printf '%s [ERROR] [Entrypoint]: %s\n' "$(date --rfc-3339=seconds)" "$*" >&2; exit 1; }

# value NAME [DEFAULT]: of $NAME, or what the file $NAME_FILE holds.
value() {
  local file="${1}_FILE"
  if [ -n "${!1:-}" ] && [ -n "${!file:-}" ]; then fail "Both $1 and $file are set (but are exclusive)"; fi
  if [ -n "${!file:-}" ]; then cat "${!file}"; else printf %s "${!1:-${2:-}}"; fi
}

quoted() { printf "'%s'" "$(printf %s "$1" | sed -e 's/\\/\\\\/g' -e "s/'/''/g")"; }

accounts() {
  local root="$1" host user password database
  host="$(value MYSQL_ROOT_HOST '%')"; user="$(value MYSQL_USER)"
  password="$(value MYSQL_PASSWORD)"; database="$(value MYSQL_DATABASE)"
  echo "SET @@SESSION.SQL_LOG_BIN=0;"
  if [ "$host" != localhost ]; then
    echo "CREATE USER 'root'@$(quoted "$host") IDENTIFIED BY $(quoted "$root");"
    echo "GRANT ALL ON *.* TO 'root'@$(quoted "$host") WITH GRANT OPTION;"
  fi
  echo "ALTER USER 'root'@'localhost' IDENTIFIED BY $(quoted "$root");"
  if [ -n "$database" ]; then echo "CREATE DATABASE IF NOT EXISTS \`$database\`;"; fi
  if [ -n "$user" ]; then
    echo "CREATE USER '$user'@'%' IDENTIFIED BY $(quoted "$password");"
    if [ -n "$database" ]; then echo "GRANT ALL ON \`${database//_/\\_}\`.* TO '$user'@'%';"; fi
  fi
}

initialise() {
  local root="" option
  root="$(value MYSQL_ROOT_PASSWORD)"
  [ -n "$root" ] || [ -n "$MYSQL_ALLOW_EMPTY_PASSWORD" ] || fail "Database is uninitialized and password option is not specified"
  note "Initializing database files"
  "$@" --initialize-insecure --default-time-zone=SYSTEM
  note "Starting temporary server"
  "$@" --skip-networking --default-time-zone=SYSTEM --socket="$SOCKET" &
  local server=$!
  for _ in {1..300}; do
    if mysqladmin --no-defaults -uroot --socket="$SOCKET" --silent ping >/dev/null 2>&1; then break; fi
    kill -0 "$server" 2>/dev/null || fail "Unable to start server."
    sleep 0.1
  done
  accounts "$root" | mysql --no-defaults -uroot --socket="$SOCKET"
  for script in /docker-entrypoint-initdb.d/*; do
    case "$script" in
      *.sql) note "running $script"; MYSQL_PWD="$root" mysql --no-defaults -uroot --socket="$SOCKET" ${MYSQL_DATABASE:+-D "$MYSQL_DATABASE"} < "$script" ;;
      *.sh) note "running $script"; bash "$script" ;;
    esac
  done
  note "Stopping temporary server"
  kill "$server"
  wait "$server" || true
  note "MySQL init process done. Ready for start up."
}

if [ "${1#-}" != "$1" ]; then set -- mysqld "$@"; fi
if [ "$1" = mysqld ]; then
  # The distribution builds with NUMA interleaving on, which a container may not set.
  set -- "$1" --no-defaults --innodb-numa-interleave=OFF --datadir="$DATA" --socket="$SOCKET" --pid-file=/var/run/mysqld/mysqld.pid "${@:2}"
  if [ "$(id -u)" = 0 ]; then
    chown mysql:mysql "$DATA" /var/run/mysqld
    set -- "$@" --user=mysql
  fi
  [ -d "$DATA/mysql" ] || initialise "$@"
fi
exec "$@"
