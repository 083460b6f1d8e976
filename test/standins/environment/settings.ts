import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFreePort, isPortFree } from '../../../src/adapters/net/ports.ts';
import { type Certificates, makeCertificates } from '../../helpers/certificates.ts';

/** Addresses that are written down elsewhere: in az's configuration, in Terraform's state. */
export interface Ports {
  arm: number;
  blobs: number;
}

/** The ports of the stand-ins of this folder; chosen once and kept. */
export async function keepPorts(folder: string): Promise<Ports> {
  const file = join(folder, 'ports.json');
  if (!existsSync(file)) {
    const arm = await findFreePort();
    const blobs = await findFreePort(new Set([arm]));
    writeFileSync(file, JSON.stringify({ arm, blobs }));
  }
  const ports = JSON.parse(readFileSync(file, 'utf8')) as Ports;
  for (const port of Object.values(ports)) {
    if (!(await isPortFree(port))) throw new Error(`port ${port} is taken; end what uses it, or remove ${folder}`);
  }
  return ports;
}

/** Those of test/helpers/certificates.ts live for 30 days. */
const RENEWED_AFTER_MS = 20 * 24 * 60 * 60 * 1000;

/** The certificate of the stand-ins, and the authority that vouches for it; the same ones for some weeks. */
export async function keepCertificates(folder: string): Promise<Certificates> {
  const home = join(folder, 'certificates');
  const file = join(home, 'certificates.json');
  const kept = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { madeAt: number; certificates: Certificates })
    : undefined;
  if (kept && Date.now() - kept.madeAt < RENEWED_AFTER_MS) return kept.certificates;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const certificates = await makeCertificates(home);
  writeFileSync(file, JSON.stringify({ madeAt: Date.now(), certificates }), { mode: 0o600 });
  return certificates;
}
