#!/bin/sh
# Says how a site is on this server, and changes nothing. Runs as root. POSIX sh.
# Arguments: home of the site, name of the Compose project.
# Prints lines "key<TAB>value"; a key may come several times; a key that cannot be told is left out.
LC_ALL=C
export LC_ALL
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
home=$1
project=$2

tell() {
  printf '%s\t%s\n' "$1" "$2"
}

patiently() {
  if command -v timeout >/dev/null 2>&1; then timeout 5 "$@"; else "$@"; fi
}

encode() {
  base64 | tr -d '\n'
}

show() {
  [ -f "$home/$2" ] && tell "$1" "$(encode < "$home/$2")"
}
[ -d "$home/lock" ] && tell lock yes
show lock-holder lock/holder.json
show state state.json
show deploying deploying.json
show maintenance maintenance.json
[ -f "$home/audit.jsonl" ] && tell audit "$(tail -n 5 "$home/audit.jsonl" | encode)"

folder=$home
while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
tell disk-free "$(df -kP "$folder" 2>/dev/null | awk 'NR == 2 { print $4 }')"

if ! ids=$(patiently docker ps -aq --filter "label=com.docker.compose.project=$project" 2>/dev/null); then
  said=$(patiently docker ps 2>&1 >/dev/null | head -n 1)
  tell docker-error "${said:-it says nothing}"
  tell end yes
  exit 0
fi

format='container	{"name":{{json .Name}},"service":{{json (index .Config.Labels "com.docker.compose.service")}},'
format=$format'"state":{{json .State.Status}},"health":{{if .State.Health}}{{json .State.Health.Status}}{{else}}null{{end}},'
format=$format'"startedAt":{{json .State.StartedAt}},"exitCode":{{.State.ExitCode}},"restarts":{{.RestartCount}},'
format=$format'"outOfMemory":{{.State.OOMKilled}},"image":{{json .Config.Image}},'
format=$format'"oneOff":{{json (index .Config.Labels "com.docker.compose.oneoff")}}}'
# One at a time may be gone by now; the others still answer.
# shellcheck disable=SC2086
[ -n "$ids" ] && patiently docker inspect --format "$format" $ids 2>/dev/null

# What an app says of itself, by its own port inside the container: Node is all there is in the image.
probe='require("http").get("http://127.0.0.1:8080"+process.argv[1],r=>r.pipe(process.stdout)).on("error",()=>process.exit(1))'
ask() {
  patiently docker exec "$1" node -e "$probe" "$2" 2>/dev/null
}

for name in $(patiently docker ps --filter "label=com.docker.compose.project=$project" --filter health=unhealthy \
  --format '{{.Names}}'); do
  tell unready "$name $(ask "$name" /readyz | encode)"
done
for service in consumer-a consumer-b; do
  for name in $(patiently docker ps --filter "label=com.docker.compose.project=$project" \
    --filter "label=com.docker.compose.service=$service" --format '{{.Names}}'); do
    lag=$(ask "$name" /metrics | awk '/^oms_consumer_lag_events[{ ]/ { sum += $NF; found = 1 } END { if (found) printf "%d", sum }')
    [ -n "$lag" ] && tell lag "$lag"
  done
done
tell end yes
