import { fileURLToPath } from 'node:url';

export const TRAEFIK_TEMPLATES = fileURLToPath(new URL('../../templates/compose/traefik/', import.meta.url));
