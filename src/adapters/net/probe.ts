export interface ProbeResult {
  ok: boolean;
  status: number | undefined;
  /** Parsed JSON of the answer, when it is JSON. */
  body: unknown;
}

/** Asks a local address for JSON; never throws and never takes longer than the deadline. */
export async function probe(url: string, deadlineMs: number): Promise<ProbeResult> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(deadlineMs) });
    const body: unknown = await response.json().catch(() => undefined);
    return { ok: response.ok, status: response.status, body };
  } catch {
    return { ok: false, status: undefined, body: undefined };
  }
}
