import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** As Traefik's image: `traefik` is a program on PATH, which health checks call, and arguments may begin with options. */
const dockerfile = (base: string) => `FROM ${base}
LABEL org.opencontainers.image.title="stand-in for traefik:v3.7.9"
COPY traefik /usr/local/bin/traefik
ENTRYPOINT ["traefik"]
`;

/**
 * Writes the stand-in as one executable file, `traefik`, and a Dockerfile for it into `folder`.
 * @param base an image with Node 24
 */
export async function bundleTraefik(folder: string, base = 'node:24-slim'): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const program = join(folder, 'traefik');
  await build({
    entryPoints: [fileURLToPath(new URL('main.ts', import.meta.url))],
    outfile: program,
    ...{ bundle: true, platform: 'node', format: 'cjs', target: 'node24', logLevel: 'error' },
    banner: { js: '#!/usr/bin/env node' },
  });
  chmodSync(program, 0o755);
  writeFileSync(join(folder, 'Dockerfile'), dockerfile(base));
}
