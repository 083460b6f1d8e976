import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { consumerMetrics } from '../../../../apps/consumer/consumer-metrics.ts';
import { outsideMetrics } from '../../../../apps/consumer/outside/outside-metrics.ts';
import { producerMetrics } from '../../../../apps/producer/producer-metrics.ts';
import { createMetrics } from '../../../../lib/runtime/metrics.ts';
import { SERVICES } from '../../../../src/stages/deploy/services.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'templates', 'compose', 'observability');
const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');

interface Panel {
  title: string;
  datasource: { uid: string };
  targets: { expr: string }[];
}
interface AlertRule {
  alert: string;
  expr: string;
  annotations: { summary?: string };
  labels: { severity: string };
}

const alerts = (parse(read('prometheus/alerts.yml')) as { groups: { rules: AlertRule[] }[] }).groups.flatMap(
  ({ rules }) => rules,
);
const dashboard = JSON.parse(read('grafana/dashboards/orders.json')) as { panels: Panel[] };

/** Of Traefik, by its documentation. */
const TRAEFIK = ['traefik_service_requests_total', 'traefik_service_server_up'];

async function appMetrics(): Promise<Set<string>> {
  const registry = createMetrics('test');
  consumerMetrics(registry);
  outsideMetrics(registry);
  const ofProducer = createMetrics('test');
  producerMetrics(ofProducer, 'orders', () => 0);
  const all = [...(await registry.getMetricsAsJSON()), ...(await ofProducer.getMetricsAsJSON())];
  return new Set(all.map(({ name }) => name));
}

test('alerts and dashboard ask for figures that are there', async () => {
  const known = await appMetrics();
  const expressions = [...alerts.map(({ expr }) => expr), ...dashboard.panels.flatMap(({ targets }) => targets)];
  const names = expressions.flatMap((one) => {
    const text = typeof one === 'string' ? one : one.expr;
    return text.match(/\b(?:oms|http|messaging|process|traefik)_\w+/g) ?? [];
  });
  const strange = names
    .map((name) => name.replace(/_bucket$/, ''))
    .filter((name) => !known.has(name) && !TRAEFIK.includes(name));
  assert.deepEqual(strange, []);
  assert.ok(names.length > 20);
});

test('every alert says what is wrong, and how urgent it is', () => {
  for (const { alert, annotations, labels } of alerts) {
    assert.ok(annotations.summary, alert);
    assert.match(labels.severity, /^(page|ticket)$/, alert);
  }
});

test('figures are taken from services that exist, the dashboard shows those of Prometheus', () => {
  const { scrape_configs } = parse(read('prometheus/prometheus.yml')) as {
    scrape_configs: { dns_sd_configs?: { names: string[] }[] }[];
  };
  const asked = scrape_configs.flatMap(({ dns_sd_configs = [] }) => dns_sd_configs.flatMap(({ names }) => names));
  assert.deepEqual(
    asked.filter((name) => !(name in SERVICES)),
    [],
  );
  const { datasources } = parse(read('grafana/provisioning/datasources/prometheus.yml')) as {
    datasources: { uid: string }[];
  };
  assert.deepEqual(new Set(dashboard.panels.map(({ datasource }) => datasource.uid)), new Set([datasources[0]!.uid]));
});
