import type { RemoteTarget } from '../../../adapters/ssh/remote.ts';
import type { Context } from '../../../context.ts';
import { onHost } from '../host-command.ts';
import { PROJECT } from '../host-layout.ts';
import type { Colour } from '../services.ts';
import type { Counts } from './decide.ts';

/** What a proxy says of itself. */
export interface ProxyFigures {
  /** How often it took a new configuration. */
  reloads: number;
  counts: Record<Colour, Counts>;
  /** Servers whose last health check failed. */
  away: Record<Colour, number>;
}

/**
 * Prints the lines we need of the proxy's metrics: from the server itself to the container's address, since the port is
 * not published. Python is there because Ansible needs it; curl may not be. Names and port are arguments.
 */
const READ = `
container=$(docker ps --quiet --filter "name=^$1-traefik-[0-9]+$" | head -n 1)
[ -n "$container" ] || { echo "the proxy does not run" >&2; exit 1; }
docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' "$container" | python3 -c '
import sys, urllib.request
said = "it has no address"
for address in sys.stdin.read().split():
    try:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        answer = direct.open("http://%s:%s/metrics" % (address, sys.argv[1]), timeout=3)
        for line in answer.read().decode().splitlines():
            if line.startswith(("traefik_service_requests_total{", "traefik_service_server_up{", "traefik_config_reloads_total")):
                print(line)
        sys.exit(0)
    except OSError as error:
        said = str(error)
sys.exit("the proxy does not answer: " + said)
' "$2"`;

/** Of the entry point "metrics" in templates/compose/traefik/traefik.yml. */
const METRICS_PORT = 8082;

const LINE = /^(\w+)(?:\{(.*)\})? ([0-9.e+]+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

function colourOf(service: string | undefined): Colour | undefined {
  return /^producer-([ab])@file$/.exec(service ?? '')?.[1] as Colour | undefined;
}

/** Reads Prometheus text as Traefik writes it; what is about other services is left out. */
export function parseFigures(text: string): ProxyFigures {
  const none = (): Counts => ({ requests: 0, failed: 0 });
  const figures: ProxyFigures = { reloads: 0, counts: { a: none(), b: none() }, away: { a: 0, b: 0 } };
  for (const line of text.split('\n')) {
    const [, name, labelText = '', valueText] = LINE.exec(line.trim()) ?? [];
    const labels = Object.fromEntries([...labelText.matchAll(LABEL)].map(([, label, value]) => [label, value]));
    const value = Number(valueText);
    const colour = colourOf(labels.service);
    if (name === 'traefik_config_reloads_total') figures.reloads += value;
    if (!colour) continue;
    if (name === 'traefik_service_server_up' && value === 0) figures.away[colour]++;
    if (name !== 'traefik_service_requests_total') continue;
    figures.counts[colour].requests += value;
    if (/^5\d\d$/.test(labels.code ?? '')) figures.counts[colour].failed += value;
  }
  return figures;
}

/**
 * Figures of the proxy on one server.
 * @throws {OmsError} host_unreachable; deploy_failed when the proxy does not run or does not answer.
 */
export async function readProxyFigures(
  target: RemoteTarget,
  context: Pick<Context, 'remote' | 'signal'>,
  port = METRICS_PORT,
): Promise<ProxyFigures> {
  const purpose = 'the figures of its proxy could not be read';
  const call = { target, script: READ, args: [PROJECT, String(port)], purpose };
  return parseFigures((await onHost(call, context)).stdout);
}
