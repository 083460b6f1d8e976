#!/bin/sh
# As in the official image: templates become configuration, then what was asked for runs.
set -e
for template in /etc/nginx/templates/*.template; do
  [ -f "$template" ] || continue
  awk '{ while (match($0, /\$\{[A-Za-z_][A-Za-z0-9_]*\}/)) {
    name = substr($0, RSTART + 2, RLENGTH - 3)
    value = name in ENVIRON ? ENVIRON[name] : substr($0, RSTART, RLENGTH)
    printf "%s%s", substr($0, 1, RSTART - 1), value; $0 = substr($0, RSTART + RLENGTH) } print }' \
    "$template" > "/etc/nginx/conf.d/$(basename "$template" .template)"
done
exec "$@"
