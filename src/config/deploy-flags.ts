import { Flags } from '@oclif/core';
import { partsFlags, placeFlags, shopFlags } from './deploy-site-flags.ts';
import { each, file, parsePart, parseRelease, parseWhy, several } from './deploy-values.ts';
import { parseShift } from './host-list.ts';
import { environmentFlag } from './provision-flags.ts';
import { parseCount, parseNumber } from './quantities.ts';

const budget = { min: 0, max: 100, unit: 'percent of failed requests', example: '--error-budget 0.5' };

/** How a release goes out. */
const releaseFlags = {
  only: Flags.custom<string[]>({
    ...several,
    env: 'OMS_DEPLOY_ONLY',
    summary: 'only the servers of a group (web, app, data), or the one of this name',
    helpValue: 'NAME',
    parse: each(parsePart),
  })(),
  images: Flags.string({
    env: 'OMS_DEPLOY_IMAGES',
    summary: 'archive of --save-images: nothing is built or pulled on the servers',
    helpValue: 'FILE',
    parse: file('--images'),
    exclusive: ['save-images'],
  }),
  'save-images': Flags.string({
    env: 'OMS_DEPLOY_SAVE_IMAGES',
    summary: 'write all images to an archive with the Docker of this machine, deploy nothing',
    helpValue: 'FILE',
    parse: file('--save-images'),
  }),
  'skip-base': Flags.boolean({
    env: 'OMS_DEPLOY_SKIP_BASE',
    summary: 'leave Docker, firewall, time and users as they are',
  }),
  shift: Flags.custom<number[]>({
    env: 'OMS_DEPLOY_SHIFT',
    summary: 'shares of the traffic the new release gets, in percent (default 1,10,50,100)',
    helpValue: 'LIST',
    parse: async (text) => parseShift(text),
  })(),
  'shift-seconds': Flags.integer({
    env: 'OMS_DEPLOY_SHIFT_SECONDS',
    summary: 'how long each share is watched (default 15)',
    helpValue: 'SECONDS',
    parse: async (text) => parseCount(text, { min: 1, max: 86_400, unit: 'seconds', example: '--shift-seconds 60' }),
  }),
  'error-budget': Flags.custom<number>({
    env: 'OMS_DEPLOY_ERROR_BUDGET',
    summary: 'percent of failed requests that stops the new release (default 1)',
    helpValue: 'PERCENT',
    parse: async (text) => parseNumber(text, budget),
  })(),
  'gate-seconds': Flags.integer({
    env: 'OMS_DEPLOY_GATE_SECONDS',
    summary: 'how long something may take to become healthy (default 120)',
    helpValue: 'SECONDS',
    parse: async (text) => parseCount(text, { min: 5, max: 3_600, unit: 'seconds', example: '--gate-seconds 300' }),
  }),
  rollback: Flags.boolean({
    env: 'OMS_DEPLOY_ROLLBACK',
    summary: 'go back when a gate fails (the default; --no-rollback leaves it for a look)',
    allowNo: true,
  }),
};

/** What is done. */
const actionFlags = {
  check: Flags.boolean({
    env: 'OMS_DEPLOY_CHECK',
    summary: 'show what would change, touch no server',
    exclusive: ['unlock', 'save-images'],
  }),
  unlock: Flags.boolean({
    env: 'OMS_DEPLOY_UNLOCK',
    summary: 'take away the lock that a run left on the servers',
    exclusive: ['save-images'],
  }),
  why: Flags.string({
    env: 'OMS_DEPLOY_WHY',
    summary: 'the reason, for the audit trail',
    helpValue: 'TEXT',
    parse: async (text) => parseWhy(text),
  }),
  yes: Flags.boolean({ char: 'y', env: 'OMS_YES', summary: 'do not ask before changing anything' }),
};

/** Help shows what belongs together under a heading of its own. */
const under = <Group extends Record<string, object>>(helpGroup: string, flags: Group): Group =>
  Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, { ...flag, helpGroup }])) as Group;

/** The flags of `oms rollback`: the site is the one that was deployed. */
export const rollbackFlags = {
  env: environmentFlag('OMS_ROLLBACK_ENV'),
  to: Flags.string({
    env: 'OMS_ROLLBACK_TO',
    summary: 'name of a release (default the one before the running one)',
    helpValue: 'RELEASE',
    parse: async (text) => parseRelease(text),
  }),
  ...under('RELEASE', {
    shift: releaseFlags.shift,
    'shift-seconds': releaseFlags['shift-seconds'],
    'error-budget': releaseFlags['error-budget'],
    'gate-seconds': releaseFlags['gate-seconds'],
  }),
  ...under('RUN', {
    check: Flags.boolean({ env: 'OMS_ROLLBACK_CHECK', summary: 'show what would change, touch no server' }),
    why: actionFlags.why,
    yes: actionFlags.yes,
  }),
};

/** The flags of `oms deploy`; what makes a site is asked once and kept. */
export const deployFlags = {
  ...placeFlags,
  ...under('SHOP', shopFlags),
  ...under('PARTS', partsFlags),
  ...under('RELEASE', releaseFlags),
  ...under('RUN', actionFlags),
};
