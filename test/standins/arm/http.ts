import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export type Json = Record<string, unknown>;

/** One request as the handlers see it. */
export interface ArmRequest {
  method: string;
  /** Decoded, without doubled slashes and without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** What was sent, parsed where it is JSON. */
  text: string;
  body: Json;
}

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** An error in the form of Azure Resource Manager; Microsoft Graph's has the same two fields. */
export function failure(status: number, code: string, message: string, headers: Record<string, string> = {}): Answer {
  return { status, body: { error: { code, message } }, headers };
}

export const ok = (body: unknown): Answer => ({ status: 200, body });

/** An answer to a list call: one page. */
export const page = (value: readonly unknown[]): Answer => ok({ value });

export interface Route {
  method: string;
  /** As in the published contract: /subscriptions/{subscription}/locations; {*scope} takes several segments. */
  path: string;
  handle: (request: ArmRequest, values: Record<string, string>) => Answer | undefined;
}

function compile(path: string): RegExp {
  const source = path
    .replaceAll(/[.$]/g, '\\$&')
    .replaceAll(/\{\*(\w+)\}/g, '(?<$1>.*?)')
    .replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return new RegExp(`^${source}/?$`, 'i');
}

/** The first route that fits and answers; Azure's paths ignore case. */
export function dispatcher(routes: readonly Route[]): (request: ArmRequest) => Answer | undefined {
  const compiled = routes.map((route) => ({ ...route, pattern: compile(route.path) }));
  return (request) => {
    for (const { method, pattern, handle } of compiled) {
      if (method !== request.method) continue;
      const match = pattern.exec(request.path);
      const answer = match && handle(request, { ...match.groups });
      if (answer) return answer;
    }
    return undefined;
  };
}

/** Headers of every answer of Azure Resource Manager. */
export function standardHeaders(): Record<string, string> {
  const id = randomUUID();
  return {
    'x-ms-request-id': id,
    'x-ms-correlation-request-id': id,
    'cache-control': 'no-cache',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
  };
}
