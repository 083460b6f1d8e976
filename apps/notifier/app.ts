import { fastify } from 'fastify';
import { openPool, type Pool } from '../../lib/database/connect.ts';
import type { Running } from '../../lib/runtime/lifecycle.ts';
import type { Logger } from '../../lib/runtime/logger.ts';
import { createMetrics } from '../../lib/runtime/metrics.ts';
import { addProbes, type Checks } from '../../lib/runtime/probes.ts';
import type { Channel } from './channels/channel.ts';
import { BlobStore, openBlobService } from './documents/blob-store.ts';
import { DocumentMaker } from './documents/document-maker.ts';
import type { Seller } from './documents/invoice.ts';
import { LabelSource } from './documents/label-source.ts';
import { Messenger } from './messages/messenger.ts';
import type { Links } from './messages/render.ts';
import { type NotifierMetrics, notifierMetrics } from './notifier-metrics.ts';
import { PacedLoop } from './queue/paced-loop.ts';

export interface NotifierOptions {
  databaseUrl: string;
  /** Ways to tell customers, beside the message in the app. */
  channels: readonly Channel[];
  links: Links;
  messagesPerSecond: number;
  /** Without it no documents are made; they wait. */
  documents?: {
    /** Connection string, or address of an account that the process's own identity may write to. */
    blobAccount: string;
    /** Where carriers keep labels. */
    labelOrigins: readonly string[];
    seller: Seller;
    perSecond: number;
  };
  http: { host: string; port: number };
}

export interface RunningNotifier extends Running {
  port: number;
}

/** A page of messages is one claim and one commit. */
const MAX_PAGE = 500;
/** A document costs some 10 ms of CPU: several short rounds a second are not felt, a long one is. */
const DOCUMENT_ROUNDS_PER_SECOND = 4;

/** Keeps up with the slower of messages that gather and the rate. */
const pageFor = (perSecond: number, rounds: number): number =>
  Math.min(MAX_PAGE, Math.max(1, Math.ceil(perSecond / rounds)));

async function startDocuments(
  { perSecond, ...options }: NonNullable<NotifierOptions['documents']>,
  pool: Pool,
  metrics: NotifierMetrics,
  logger: Logger,
) {
  const blobs = new BlobStore(await openBlobService(options.blobAccount));
  const page = pageFor(perSecond, DOCUMENT_ROUNDS_PER_SECOND);
  const labels = new LabelSource(options.labelOrigins);
  const maker = new DocumentMaker(pool, { blobs, labels, seller: options.seller, page }, metrics, logger);
  const loop = new PacedLoop((signal) => maker.round(signal), { name: 'documents', perSecond, page }, logger);
  return { blobs, loop };
}

/** Channels that are away are no reason to send nobody here: messages wait in their rows. */
function readiness(pool: Pool, blobs: BlobStore | undefined): Checks {
  return {
    database: async () => {
      await pool.query('SELECT 1');
      return { ok: true };
    },
    ...(blobs && {
      blob: async () => {
        await blobs.check();
        return { ok: true };
      },
    }),
  };
}

/**
 * Tells customers what became of their orders and makes the papers that belong to them, from the rows that the consumer
 * has written. It starts without database, mail server and blob storage, and waits for them.
 */
export async function startNotifier(options: NotifierOptions, logger: Logger): Promise<RunningNotifier> {
  const registry = createMetrics('notifier');
  const metrics = notifierMetrics(registry);
  const pool = openPool(options.databaseUrl, { connectionLimit: 6 });
  const { channels, links, messagesPerSecond: perSecond } = options;
  const page = pageFor(perSecond, 1);
  const messenger = new Messenger(pool, { channels, links, page }, metrics, logger);
  const messages = new PacedLoop((signal) => messenger.round(signal), { name: 'messages', perSecond, page }, logger);
  const documents = options.documents && (await startDocuments(options.documents, pool, metrics, logger));

  const http = fastify({ logger: false });
  addProbes(http, registry, readiness(pool, documents?.blobs));
  const stop = async () => {
    await http.close();
    await Promise.all([messages.stop(), documents?.loop.stop()]);
    await Promise.all(channels.map((channel) => channel.close()));
    await pool.end();
  };
  try {
    await http.listen(options.http);
  } catch (error) {
    await stop();
    throw error;
  }
  const { port } = http.server.address() as { port: number };
  logger.info({ port, channels: channels.map(({ name }) => name), documents: !!documents }, 'notifier started');
  return { port, stop };
}
