import { Flags } from '@oclif/core';
import { parseEnvironmentName, parsePath } from './azure-values.ts';
import { parseWhy } from './deploy-values.ts';
import { environmentFlag } from './provision-flags.ts';
import { parseCount, QuantityError, quoted } from './quantities.ts';

const keep = { min: 1, max: 1_000, unit: 'backups', example: '--keep 30' };

/** "20261121T023000Z", or the newest one. */
export function parseBackupName(text: string): string {
  if (text === 'latest' || /^\d{8}T\d{6}Z$/.test(text)) return text;
  throw new QuantityError(
    `expected the name of a backup, got ${quoted(text)}; for example 20261121T023000Z, or latest: oms backup list`,
  );
}

const whyFlag = (env: string) =>
  Flags.string({
    env,
    summary: 'the reason, for the audit trail',
    helpValue: 'TEXT',
    parse: async (text) => parseWhy(text),
  });

export const backupCreateFlags = {
  env: environmentFlag('OMS_BACKUP_ENV'),
  keep: Flags.integer({
    env: 'OMS_BACKUP_KEEP',
    summary: 'how many stay on the server, this one among them (default 14)',
    helpValue: 'NUMBER',
    parse: async (text) => parseCount(text, keep),
  }),
  download: Flags.string({
    env: 'OMS_BACKUP_DOWNLOAD',
    summary: 'also bring it to this folder',
    helpValue: 'FOLDER',
    parse: async (text) => parsePath(text, '--download ./backups'),
  }),
  why: whyFlag('OMS_BACKUP_WHY'),
};

export const backupListFlags = { env: environmentFlag('OMS_BACKUP_ENV') };

export const backupRestoreFlags = {
  env: environmentFlag('OMS_BACKUP_ENV'),
  confirm: Flags.string({
    env: 'OMS_BACKUP_CONFIRM',
    summary: 'the name of the environment, where nobody can be asked to type it',
    helpValue: 'NAME',
    parse: async (text) => parseEnvironmentName(text, '--confirm'),
  }),
  'backup-first': Flags.boolean({
    env: 'OMS_BACKUP_FIRST',
    default: true,
    allowNo: true,
    summary: 'keep what is there as a backup first (the default; --no-backup-first does not)',
  }),
  'accept-loss': Flags.boolean({
    env: 'OMS_BACKUP_ACCEPT_LOSS',
    summary: 'go on although the hub no longer has everything since the backup',
  }),
  why: whyFlag('OMS_BACKUP_WHY'),
};
