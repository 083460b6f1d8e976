import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Static, Type } from 'typebox';
import { ORDERS_HUB } from '../../../lib/streaming/hub-names.ts';
import { AccessDenied, type Canary, type CanarySighting, type CanaryTarget } from '../../adapters/azure/cloud.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { formatDuration } from '../../ui/format.ts';
import type { Environment } from './environment.ts';
import type { Outputs } from './outputs.ts';
import { CHECK_CONSUMER_GROUP } from './topology.ts';

/** What a canary has shown; part of a run's report, under the key `canary`. */
export const CanaryReport = Type.Object({
  id: Type.String(),
  partition: Type.String(),
  sequenceNumber: Type.Integer(),
  roundTripMs: Type.Number(),
  archive: Type.Object({
    account: Type.String(),
    /** The file it was found in. */
    file: Type.String({ minLength: 1 }),
    waitedMs: Type.Number(),
  }),
});
export type CanaryReport = Static<typeof CanaryReport>;

export interface CanaryOptions {
  /** An AMQP gateway in front of the namespace, sb://host:port. */
  gateway?: string | undefined;
  /** How Capture names its files where that is known (ReadBack.nameFormat). */
  nameFormat?: string | undefined;
  /** How long it may take into the archive; Capture's window and some slack unless given. */
  archiveMs?: number | undefined;
  /** Told what is waited for. */
  onProgress?: (text: string) => void;
  patience?: Partial<Patience>;
}

/** How long is waited for what takes its time. */
export interface Patience {
  /** A role assignment is in force everywhere after up to five minutes (Azure RBAC, troubleshooting). */
  roleMs: number;
  /** Between two attempts. */
  pauseMs: number;
  /** Beyond Capture's window: writing the file, and the role of Capture's identity. */
  archiveSlackMs: number;
}

const PATIENCE: Patience = { roleMs: 5 * 60_000, pauseMs: 10_000, archiveSlackMs: 3 * 60_000 };

type Run = Required<Pick<CanaryOptions, 'onProgress'>> & {
  canary: Canary;
  target: CanaryTarget;
  outputs: Outputs;
  patience: Patience;
  signal: AbortSignal;
};

function targetOf(environment: Environment, outputs: Outputs, { gateway, nameFormat }: CanaryOptions): CanaryTarget {
  const { archive, namespace } = outputs;
  return {
    ...{ environment: environment.name, host: namespace.fqdn, gateway, hub: ORDERS_HUB },
    consumerGroup: CHECK_CONSUMER_GROUP,
    archive: {
      ...{ blobEndpoint: archive.blob_endpoint, container: archive.container, namespace: namespace.name, nameFormat },
    },
  };
}

const ME = '$(az ad signed-in-user show --query id --output tsv)';
const grant = (role: string, scope: string) =>
  `az role assignment create --assignee ${ME} --role "${role}" --scope ${scope}`;

/** What has to be assigned to whom, for each thing that may be denied. */
function grantFor(right: AccessDenied['right'], { hubs, namespace, archive }: Outputs): string {
  const hub = hubs[ORDERS_HUB]?.id ?? namespace.id;
  if (right === 'send') return grant('Azure Event Hubs Data Sender', hub);
  if (right === 'receive') return grant('Azure Event Hubs Data Receiver', hub);
  return grant('Storage Blob Data Reader', archive.account_id);
}

function denial(error: AccessDenied, { outputs }: Run): OmsError {
  const whatFor = {
    send: 'send to hub orders',
    receive: 'receive from hub orders',
    'read the archive': 'read the archive',
  };
  return new OmsError('azure_failed', `Azure does not let you ${whatFor[error.right]}`, {
    why: error.message,
    next: [grantFor(error.right, outputs), 'a role takes up to five minutes: then run the same command again'],
    cause: error,
  });
}

/** Right after an apply a denial is what is to be expected: it is tried again until roles must be in force. */
async function roundTrip(run: Run, id: string): Promise<CanarySighting> {
  const { canary, target, patience, signal, onProgress } = run;
  const startedAt = performance.now();
  for (;;) {
    try {
      return await canary.roundTrip(target, id, signal);
    } catch (error) {
      if (!(error instanceof AccessDenied)) throw error;
      const waited = performance.now() - startedAt;
      if (waited >= patience.roleMs) throw denial(error, run);
      const of = `${formatDuration(waited)} of at most ${formatDuration(patience.roleMs)}`;
      onProgress(`waiting for the role to ${error.right} to be in force: ${of}`);
      await delay(patience.pauseMs, undefined, { signal });
    }
  }
}

const notArchived = (target: CanaryTarget, waitMs: number, { archive }: Outputs) =>
  new OmsError('azure_failed', `the canary did not get into the archive within ${formatDuration(waitMs)}`, {
    why: `it came back from ${target.hub}, but no file of Capture in ${archive.account}/${archive.container} has it`,
    next: [
      'trusted services must pass the firewall of the account (bypass AzureServices): see the read-back',
      'the identity of Capture needs Storage Blob Data Contributor on the account: see the read-back, then its role assignments',
      'look at the metric CaptureBacklog of the namespace: it grows when Capture cannot write',
      'a role takes up to five minutes, and Capture tries again by itself: run the same command again',
    ],
  });

async function findInArchive(run: Run, id: string, sighting: CanarySighting, timeoutMs: number): Promise<string> {
  const { canary, target, outputs, signal, onProgress } = run;
  const onWait = (waitedMs: number, note?: string) => {
    const of = `${formatDuration(waitedMs)} of at most ${formatDuration(timeoutMs)}`;
    onProgress(`waiting for Capture to write its file: ${of}${note ? `, ${note}` : ''}`);
  };
  const file = await canary.inArchive(target, id, sighting, { signal, timeoutMs, onWait }).catch((error: unknown) => {
    throw error instanceof AccessDenied ? denial(error, run) : error;
  });
  if (file === undefined) throw notArchived(target, timeoutMs, outputs);
  return file;
}

/**
 * Sends one event to hub orders, waits for it at the other end of the hub, and then in the archive: that takes as long
 * as a window of Capture.
 * @throws {OmsError} hub_unreachable or azure_failed with what to check; the signal's reason on Ctrl-C
 */
export async function sendCanary(
  environment: Environment,
  outputs: Outputs,
  options: CanaryOptions,
  context: Context,
): Promise<CanaryReport> {
  const run: Run = {
    ...{ outputs, signal: context.signal, onProgress: options.onProgress ?? (() => {}) },
    canary: await context.cloud.canary(environment.tenantId),
    target: targetOf(environment, outputs, options),
    patience: { ...PATIENCE, ...options.patience },
  };
  const id = randomUUID();
  const sighting = await roundTrip(run, id);
  const { partition, sequenceNumber, roundTripMs } = sighting;
  run.onProgress(`back after ${formatDuration(roundTripMs)}`);
  const startedAt = performance.now();
  const timeoutMs = options.archiveMs ?? environment.captureIntervalSeconds * 1_000 + run.patience.archiveSlackMs;
  const file = await findInArchive(run, id, sighting, timeoutMs);
  const waitedMs = Math.round(performance.now() - startedAt);
  return { id, partition, sequenceNumber, roundTripMs, archive: { account: outputs.archive.account, file, waitedMs } };
}
