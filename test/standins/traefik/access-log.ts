import { createWriteStream } from 'node:fs';
import type { ProxyRequest, ProxyResponse } from './exchange.ts';
import type { AccessLog } from './settings/static.ts';

/** Traefik's names of fields, and of each header that is kept `request_<name>`. */
export function createAccessLog(settings: AccessLog | undefined) {
  if (!settings) return () => undefined;
  const { names = {}, headers } = settings.fields ?? {};
  const kept = Object.entries(headers?.names ?? {}).filter(([, mode]) => mode === 'keep');
  const out = settings.filePath ? createWriteStream(settings.filePath, { flags: 'a' }) : process.stdout;
  return (request: ProxyRequest, response: ProxyResponse, begun: number): void => {
    const { notes, method, target, host, client, entryPoint } = request;
    const facts: Record<string, unknown> = {
      ClientHost: client,
      Duration: Math.round((performance.now() - begun) * 1e6),
      DownstreamStatus: response.status,
      RequestHost: host,
      RequestMethod: method,
      RequestPath: target,
      RequestLine: `${method} ${target}`,
      RetryAttempts: notes.retries,
      RouterName: notes.router,
      ServiceName: notes.service,
      ServiceURL: notes.server,
      entryPointName: entryPoint,
      time: new Date().toISOString(),
    };
    const fields = Object.entries(facts).filter(([name, value]) => value !== undefined && names[name] !== 'drop');
    const values = kept.map(([name]) => [`request_${name}`, request.headers[name.toLowerCase()]]);
    out.write(`${JSON.stringify({ ...Object.fromEntries(fields), ...Object.fromEntries(values) })}\n`);
  };
}
