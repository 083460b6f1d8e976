import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { DRAIN_SECONDS } from '../../../../../src/stages/deploy/deploy-variables.ts';

const ROUTES = join(import.meta.dirname, '../../../../../templates/compose/traefik/dynamic/routes.yml');

test('a web server drains for as long as the proxy may need to notice', () => {
  const { interval, timeout } = parse(readFileSync(ROUTES, 'utf8')).http.services.web.loadBalancer.healthCheck;
  assert.equal(DRAIN_SECONDS, Number.parseFloat(interval) + Number.parseFloat(timeout));
});
