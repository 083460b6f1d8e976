/** A container as the fake Docker below has it. */
export interface FakeContainer {
  service: string;
  state?: string;
  health?: string | null;
  restarts?: number;
  exitCode?: number;
  /** What its GET /readyz answers, and the events it lags behind. */
  ready?: string;
  lag?: number;
  /** On the network of the database. */
  address?: string;
}

const nameOf = ({ service }: FakeContainer) => `oms-${service}-1`;

const described = (container: FakeContainer) =>
  JSON.stringify({
    name: `/${nameOf(container)}`,
    service: container.service,
    state: container.state ?? 'running',
    health: container.health === undefined ? 'healthy' : container.health,
    startedAt: '2026-11-21T10:00:00.123456789Z',
    exitCode: container.exitCode ?? 0,
    restarts: container.restarts ?? 0,
    outOfMemory: false,
    image: `oms-app:0123456789ab`,
    oneOff: 'False',
  });

/** The script of a `docker` that knows these containers, and whose Compose has these lines of logs. */
export function fakeDocker(containers: readonly FakeContainer[], logs: readonly string[] = []): string {
  const inspected = containers.map((container) => `container\t${described(container)}`).join('\n');
  const unhealthy = containers.filter(({ health }) => health === 'unhealthy').map(nameOf);
  const answers = containers.flatMap((container) => [
    `*"exec ${nameOf(container)} "*/readyz) echo '${container.ready ?? '{}'}';;`,
    `*"exec ${nameOf(container)} "*/metrics) echo 'oms_consumer_lag_events{partition="0"} ${container.lag ?? 0}';;`,
    `*service=${container.service}*) echo ${nameOf(container)};;`,
  ]);
  const addressed = containers.filter(({ address }) => address !== undefined);
  const addresses = addressed.map(
    (one) => `*NetworkSettings*" ${nameOf(one)}") echo '${one.state ?? 'running'} ${one.address}';;`,
  );
  return `[ -n "$FAKE_DOCKER_CALLS" ] && echo "$*" >> "$FAKE_DOCKER_CALLS"
case "$*" in
  "ps -aq"*) echo ${containers.map(nameOf).join(' ')};;
  ${addresses.join('\n  ')}
  *NetworkSettings*) echo "Error: No such container: x" >&2; exit 1;;
  inspect*) cat <<'END'
${inspected}
END
  ;;
  *health=unhealthy*) echo ${unhealthy.join(' ')};;
  ${answers.join('\n  ')}
  *"logs "*) cat <<'END'
${logs.join('\n')}
END
  ;;
  *) exit 0;;
esac`;
}
