import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HubEnv, tlsOf } from '../../../../apps/hub/env.ts';
import { readEnv } from '../../../../lib/runtime/env.ts';

const tlsFrom = (given: Record<string, string>) => tlsOf(readEnv(HubEnv, { OMS_HUB_DATA_DIR: 'data', ...given }));

test('without a certificate there is no secure port, with one it is that of the service', () => {
  assert.deepEqual(tlsFrom({}), {});
  assert.deepEqual(tlsFrom({ OMS_HUB_TLS_CERT: 'cert', OMS_HUB_TLS_KEY: 'key' }), {
    tls: { port: 5671, cert: 'cert', key: 'key' },
  });
});

test('a certificate without its key, or a key without a certificate, is refused', () => {
  for (const name of ['OMS_HUB_TLS_CERT', 'OMS_HUB_TLS_KEY']) {
    assert.throws(() => tlsFrom({ [name]: 'x' }), /TLS needs both OMS_HUB_TLS_CERT and OMS_HUB_TLS_KEY/);
  }
});
