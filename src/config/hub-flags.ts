import { Args, Flags } from '@oclif/core';
import { parseCount, parseDuration, QuantityError, quoted } from './quantities.ts';
import { hubUrlFlag } from './target-flags.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/;
const NAMED_PARTITIONS = /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}=([1-9]\d{0,3})$/;
const MAX_PARTITIONS = 1024;

/**
 * The name of a hub.
 * @throws {QuantityError} with an example
 */
export function parseHubName(text: string): string {
  if (NAME.test(text)) return text;
  throw new QuantityError(
    `expected letters, digits, dots, hyphens, underscores, got ${quoted(text)}; for example orders`,
  );
}

/**
 * A hub and its partitions, handed on as it was written.
 * @throws {QuantityError} with an example
 */
export function parseNamedPartitions(text: string): string {
  const [, partitions] = NAMED_PARTITIONS.exec(text) ?? [];
  if (partitions !== undefined && Number(partitions) <= MAX_PARTITIONS) return text;
  throw new QuantityError(`expected NAME=PARTITIONS, 1 to 1,024, got ${quoted(text)}; for example --hub orders=4`);
}

const port = (env: string, value: number, summary: string) =>
  Flags.integer({ env, default: value, min: 0, max: 65_535, summary: `${summary} (0: any free one)` });

/** Flags of `oms hub`. */
export const runHubFlags = {
  config: Flags.string({
    env: 'OMS_HUB_CONFIG',
    summary: "file with the hubs, or the official emulator's Config.json",
    helpValue: 'FILE',
  }),
  hub: Flags.string({
    env: 'OMS_HUB_CREATE',
    multiple: true,
    delimiter: ',',
    summary: 'a hub to have; events=4 when nothing is said and nothing is there',
    helpValue: 'NAME=PARTITIONS',
    parse: async (text) => parseNamedPartitions(text),
  }),
  data: Flags.string({
    env: 'OMS_HUB_DATA_DIR',
    summary: 'folder of the events (default hub in .oms)',
    helpValue: 'DIR',
  }),
  host: Flags.string({ env: 'OMS_HUB_HOST', default: '127.0.0.1', summary: 'address to listen on' }),
  port: port('OMS_HUB_PORT', 5672, 'AMQP'),
  'http-port': port('OMS_HUB_HTTP_PORT', 5300, 'health, metrics and administration'),
  'tls-port': port('OMS_HUB_TLS_PORT', 5671, 'AMQP and WebSockets over TLS, with a certificate'),
  'tls-cert': Flags.string({
    env: 'OMS_HUB_TLS_CERT_FILE',
    summary: 'certificate with its chain, PEM',
    helpValue: 'FILE',
    dependsOn: ['tls-key'],
  }),
  'tls-key': Flags.string({
    env: 'OMS_HUB_TLS_KEY_FILE',
    summary: 'private key of the certificate, PEM',
    helpValue: 'FILE',
    dependsOn: ['tls-cert'],
  }),
  auth: Flags.boolean({
    env: 'OMS_HUB_AUTH',
    default: true,
    allowNo: true,
    summary: 'ask clients for the key (--no-auth lets everybody in)',
  }),
};

/** Which hub is meant, for the commands that speak with one that runs. */
export const runningHubFlags = {
  url: hubUrlFlag({
    summary: 'the hub that answers here, instead of the one of this machine; its key in OMS_HUB_KEY',
    helpValue: 'http://HOST:PORT',
  }),
  data: Flags.string({
    env: 'OMS_HUB_DATA_DIR',
    summary: 'the hub with its events in this folder',
    helpValue: 'DIR',
    exclusive: ['url'],
  }),
};

/** The hub a command is about. */
export const hubArgs = {
  name: Args.string({ required: true, description: 'name of the hub', parse: async (text) => parseHubName(text) }),
};

const partitionBounds = { min: 1, max: MAX_PARTITIONS, unit: 'partitions', example: '--partitions 4' };
const retentionBounds = { minMs: 1_000, maxMs: 90 * 86_400_000, range: '1s to 2160h', example: '--retention 24h' };

export const partitionsFlag = Flags.integer({
  env: 'OMS_HUB_PARTITIONS',
  summary: 'how many partitions, for good (default 4)',
  parse: async (text) => parseCount(text, partitionBounds),
});

export const groupFlag = (env: string, summary: string) =>
  Flags.string({ env, multiple: true, summary, helpValue: 'NAME' });

export const retentionFlag = Flags.integer({
  env: 'OMS_HUB_RETENTION',
  summary: 'how long events are kept; for good when nothing is said',
  helpValue: '24h',
  parse: async (text) => parseDuration(text, retentionBounds),
});

const RULE = /^(?:(send|receive):)?(throttle|delay|duplicate|detach|drop)=(\d(?:\.\d{1,6})?)(?:,(\d+(?:ms|s)))?$/;
const delayBounds = { minMs: 1, maxMs: 600_000, range: '1ms to 600s', example: '--set send:delay=0.1,200ms' };

/**
 * "throttle=0.05", "send:delay=0.1,200ms" -> a rule of the fault switches.
 * @throws {QuantityError} with examples
 */
export function parseFaultRule(text: string) {
  const [, side, fault = '', share, delay] = RULE.exec(text) ?? [];
  const rate = Number(share);
  if (!(rate >= 0 && rate <= 1) || (delay !== undefined && fault !== 'delay')) {
    throw new QuantityError(
      `expected [send:|receive:]FAULT=RATE, of throttle, delay, duplicate, detach, drop, rate 0 to 1, got ${quoted(text)}; ` +
        'for example --set throttle=0.05 --set send:delay=0.1,200ms',
    );
  }
  return { fault, rate, ...(side && { side }), ...(delay && { delayMs: parseDuration(delay, delayBounds) }) };
}

/** Flags of `oms hub faults`. */
export const faultFlags = {
  set: Flags.custom<ReturnType<typeof parseFaultRule>>({ parse: async (text) => parseFaultRule(text) })({
    env: 'OMS_HUB_FAULTS',
    multiple: true,
    exclusive: ['off'],
    summary: 'throttle, delay, duplicate, detach or drop: a share of the batches sent and events received',
    helpValue: '[send:|receive:]FAULT=RATE',
  }),
  hub: Flags.string({ env: 'OMS_HUB_FAULTS_HUB', summary: 'of this hub alone', dependsOn: ['set'] }),
  seed: Flags.integer({
    env: 'OMS_HUB_FAULTS_SEED',
    min: 0,
    summary: 'the same seed, the same faults',
    dependsOn: ['set'],
  }),
  off: Flags.boolean({ env: 'OMS_HUB_FAULTS_OFF', summary: 'nothing goes wrong any more' }),
};
