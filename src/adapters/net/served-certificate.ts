import { connect } from 'node:tls';

/** The certificate a server shows, whoever signed it. */
export interface ServedCertificate {
  issuer: string;
  /** ISO 8601 UTC. */
  validTo: string;
}

const text = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

/** Asks a server for the certificate of a name; undefined when it shows none in time. */
export function servedCertificate(
  address: string,
  port: number,
  name: string,
  deadlineMs: number,
): Promise<ServedCertificate | undefined> {
  const { promise, resolve } = Promise.withResolvers<ServedCertificate | undefined>();
  // Whether it is trusted is the browsers' matter; here it is looked at, and nothing is sent.
  const socket = connect({ host: address, port, servername: name, rejectUnauthorized: false }, () => {
    const { valid_to: validTo, issuer } = socket.getPeerCertificate();
    const shown = text(issuer?.O) ?? text(issuer?.CN) ?? 'unknown';
    resolve(validTo ? { issuer: shown, validTo: new Date(validTo).toISOString() } : undefined);
    socket.destroy();
  });
  socket.setTimeout(deadlineMs, () => socket.destroy());
  socket.on('error', () => resolve(undefined)).on('close', () => resolve(undefined));
  return promise;
}
