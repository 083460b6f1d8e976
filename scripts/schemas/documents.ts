import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TSchema } from 'typebox';
import { ProblemBody } from '../../apps/producer/http/problem-schema.ts';
import { OrderView } from '../../apps/producer/orders/order-view-schema.ts';
import { EVENT_TYPES, type EventType } from '../../lib/domain/event-types.ts';
import { OrderRequest } from '../../lib/domain/order-request.ts';
import { envelopeSchema, eventSchema, JSON_SCHEMA, plain } from '../../lib/integration/event-schema.ts';
import { WebhookBody } from '../../lib/integration/webhook.ts';
import { AskResult } from '../../lib/query/result.ts';
import { BackupCreated, BackupList, Restored } from '../../src/stages/backup/results.ts';
import { CostResult } from '../../src/stages/cost/cost.ts';
import { DeployPlan } from '../../src/stages/deploy/deploy-plan.ts';
import { DestroyResult } from '../../src/stages/destroy/destroy.ts';
import { DiagramResult } from '../../src/stages/diagram/diagram.ts';
import { DriftResult } from '../../src/stages/provision/find-drift.ts';
import { RunReport } from '../../src/stages/provision/report.ts';
import { HistoryResult } from '../../src/stages/site/history.ts';
import { SiteStatus } from '../../src/stages/site/site-status.ts';
import { asyncApi } from './async-api.ts';
import { openApi } from './open-api.ts';

const MESSAGES: Record<string, [title: string, schema: TSchema]> = {
  'order-request': ['Body of POST /api/orders', OrderRequest],
  order: ['Answer of GET /api/orders/{id}', OrderView],
  problem: ['Every answer from 400 on', ProblemBody],
  'provision-report': [
    'What one run of oms provision or oms destroy did: .oms/<env>/runs/<run>/report.json',
    RunReport,
  ],
  'ask-result': ['The member result of oms ask QUESTION --json, and the answer of POST /api/admin/ask', AskResult],
  'cost-result': ['The member result of oms cost --json', CostResult],
  'destroy-result': ['The member result of oms destroy --json', DestroyResult],
  'diagram-result': ['The member result of oms diagram --json', DiagramResult],
  'deploy-plan': ['The member result of oms deploy --check --json', DeployPlan],
  'drift-result': ['The member result of oms provision --drift --json', DriftResult],
  'site-status': ['The member result of oms status --env NAME --json', SiteStatus],
  'history-result': ['The member result of oms history --json', HistoryResult],
  'backup-create-result': ['The member result of oms backup create --json', BackupCreated],
  'backup-list-result': ['The member result of oms backup list --json', BackupList],
  'backup-restore-result': ['The member result of oms backup restore --json', Restored],
  webhook: ['Body of POST /hooks/psp and /hooks/carrier', WebhookBody],
};

const messageSchema = (name: string, [title, schema]: [string, TSchema]) => ({
  $schema: JSON_SCHEMA,
  $id: `/schemas/${name}.json`,
  title,
  ...plain(schema),
});

/** Every file of schemas/, by name, as the code gives it. */
export async function publishedDocuments(): Promise<Map<string, string>> {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'));
  const documents: [name: string, document: object][] = [
    ['cloud-event', envelopeSchema()],
    ...Object.keys(EVENT_TYPES).map((type): [string, object] => [type, eventSchema(type as EventType)]),
    ...Object.entries(MESSAGES).map(([name, message]): [string, object] => [name, messageSchema(name, message)]),
    ['asyncapi', asyncApi(version)],
    ['openapi', await openApi(version)],
  ];
  return new Map(documents.map(([name, document]) => [`${name}.json`, `${JSON.stringify(document, null, 2)}\n`]));
}
