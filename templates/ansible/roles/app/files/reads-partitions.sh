#!/bin/sh
# reads-partitions.sh PROJECT SERVICE SECONDS: succeeds as soon as a consumer of the service tells how far it is behind in a
# partition; fails when none does within the seconds.
set -eu
script='fetch("http://127.0.0.1:8080/metrics").then((answer) => answer.text())
  .then((text) => process.exit(/^oms_consumer_lag_events\{/m.test(text) ? 0 : 1), () => process.exit(1))'

reads() {
  for container in $(docker ps --quiet \
    --filter "label=com.docker.compose.project=$1" --filter "label=com.docker.compose.service=$2"); do
    if docker exec "$container" node -e "$script"; then return 0; fi
  done
  return 1
}

deadline=$(($(date +%s) + $3))
until reads "$1" "$2"; do
  if [ "$(date +%s)" -ge "$deadline" ]; then
    echo "no container of $2 reads a partition after $3 s" >&2
    exit 1
  fi
  sleep 1
done
