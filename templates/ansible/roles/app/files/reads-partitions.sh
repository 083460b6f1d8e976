#!/bin/sh
# reads-partitions.sh PROJECT SERVICE: succeeds when a consumer of the service tells how far it is behind in a partition.
set -eu
script='fetch("http://127.0.0.1:8080/metrics").then((answer) => answer.text())
  .then((text) => process.exit(/^oms_consumer_lag_events\{/m.test(text) ? 0 : 1), () => process.exit(1))'
for container in $(docker ps --quiet \
  --filter "label=com.docker.compose.project=$1" --filter "label=com.docker.compose.service=$2"); do
  if docker exec "$container" node -e "$script"; then exit 0; fi
done
echo "no container of $2 reads a partition" >&2
exit 1
