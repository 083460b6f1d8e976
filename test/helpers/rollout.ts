import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { AnsibleEngine, PlayCall, PlayRecap } from '../../src/adapters/ansible/engine.ts';
import { createRemote } from '../../src/adapters/ssh/create-remote.ts';
import type { Remote } from '../../src/adapters/ssh/remote.ts';
import type { Context } from '../../src/context.ts';
import { planDeployment } from '../../src/stages/deploy/diff.ts';
import { readHostFacts } from '../../src/stages/deploy/host-facts.ts';
import { makeRelease } from '../../src/stages/deploy/make-release.ts';
import type { AuditEntry, Deploying, Release } from '../../src/stages/deploy/release.ts';
import { rollOut } from '../../src/stages/deploy/roll-out.ts';
import type { RolloutCall } from '../../src/stages/deploy/rollout/attempt.ts';
import type { DeployRunReport } from '../../src/stages/deploy/run-report.ts';
import { siteSecrets } from '../../src/stages/deploy/secrets.ts';
import { sitePaths } from '../../src/stages/deploy/site.ts';
import type { DeployVariables } from '../../src/stages/deploy/variables.ts';
import { writeContexts } from './deploying.ts';
import { quietContext } from './quiet-context.ts';
import { aSite, localHost, withPrograms } from './sites.ts';
import { tempFolder } from './temp-folder.ts';

/** A playbook as it was called, and what it found at that moment. */
export interface Played {
  playbook: string;
  limit: readonly string[] | undefined;
  variables: DeployVariables;
  word: Deploying | undefined;
  isLocked: boolean;
  secrets: boolean;
}

interface Behaviour {
  /** Playbooks in which a task fails, with what it says. */
  fails?: Readonly<Record<string, string>>;
  /** Tasks that change something, of every playbook. */
  changed?: number;
  /** Called as a playbook begins. */
  during?: (call: PlayCall) => void;
  /** Share of colour b's requests that end with 5xx. */
  failing?: number;
}

const readJson = <T>(file: string): T | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;

const readLines = <T>(file: string): T[] =>
  existsSync(file)
    ? (readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)) as T[])
    : [];

/** An Ansible that keeps what it was called with; prepare.yml and finish.yml leave what the real ones do. */
function fakeAnsible(home: string, played: Played[], behaviour: Behaviour): AnsibleEngine {
  const deliver = ({ oms_release, oms_stage }: DeployVariables) => {
    const folder = join(home, 'releases', oms_release);
    mkdirSync(folder, { recursive: true });
    copyFileSync(join(oms_stage, 'shop-1', 'release.json'), join(folder, 'release.json'));
  };
  const conclude = ({ oms_release, oms_previous, oms_colours }: DeployVariables) => {
    const { services } = readJson<Release>(join(home, 'releases', oms_release, 'release.json'))!;
    const runs = Object.entries(services).filter(([name]) => {
      const [kind, colour] = name.split('-');
      return kind === 'producer' || kind === 'consumer' ? oms_colours[kind] === colour : name !== 'setup';
    });
    writeFileSync(join(home, 'containers'), runs.map((pair) => `${pair.join(' ')}\n`).join(''));
    const state = { version: 1, release: oms_release, previous: oms_previous, colours: oms_colours };
    const facts = { deployedAt: '2026-11-21T12:00:00Z', deployedBy: 'me@here' };
    writeFileSync(join(home, 'state.json'), JSON.stringify({ ...state, ...facts }));
  };
  return {
    version: async () => '2.19.4',
    provide: async () => undefined,
    play: async (call): Promise<PlayRecap> => {
      const variables = readJson<DeployVariables>(call.variables)!;
      played.push({
        ...{ playbook: call.playbook, limit: call.limit, variables },
        word: readJson(join(home, 'deploying.json')),
        isLocked: existsSync(join(home, 'lock', 'holder.json')),
        secrets: existsSync(join(variables.oms_secrets, 'admin-token')),
      });
      behaviour.during?.(call);
      call.signal.throwIfAborted();
      const message = behaviour.fails?.[call.playbook];
      if (message !== undefined) {
        const task = { play: 'p', task: 'Wait for it', host: 'shop-1', outcome: 'failed', message } as const;
        return { hosts: {}, changed: 0, failed: [task] };
      }
      if (call.playbook === 'prepare.yml') deliver(variables);
      if (call.playbook === 'finish.yml') conclude(variables);
      return { hosts: {}, changed: behaviour.changed ?? 1, failed: [] };
    },
  };
}

/** Commands run for real on this machine; only the proxy's figures are made up: it takes every new file of routes. */
function remoteWithProxy(home: string, behaviour: Behaviour): Remote {
  const real = createRemote();
  const file = join(home, 'traefik', 'dynamic', 'routes.yml');
  const state = { reloads: 1, last: '', requests: 0 };
  return {
    ...real,
    run: async (target, argv, options) => {
      if (!argv.some((argument) => argument.includes('urllib'))) return real.run(target, argv, options);
      options?.signal?.throwIfAborted();
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      if (text !== state.last) {
        state.last = text;
        state.reloads++;
      }
      state.requests += 1_000;
      const lines = ['a', 'b'].flatMap((colour) => {
        const failed = colour === 'b' ? state.requests * (behaviour.failing ?? 0) : 0;
        return [
          `traefik_service_requests_total{code="200",service="producer-${colour}@file"} ${state.requests - failed}`,
          `traefik_service_requests_total{code="503",service="producer-${colour}@file"} ${failed}`,
        ];
      });
      return { code: 0, stdout: `traefik_config_reloads_total ${state.reloads}\n${lines.join('\n')}\n`, stderr: '' };
    },
  };
}

const OPTIONS: RolloutCall['options'] = {
  ...{ skipBase: false, shift: [100], shiftSeconds: 0.01, errorBudget: 0.01, gateSeconds: 5, rollback: true },
  why: 'spring offers',
};

/** A site that is a folder of this machine, with an Ansible that is an object: what a deployment does around it is real. */
export function rolloutSetting(t: TestContext, behaviour: Behaviour = {}, signal?: AbortSignal) {
  const folder = tempFolder(t);
  const home = join(folder, 'home');
  withPrograms(t, { docker: `cat ${join(home, 'containers')} 2>/dev/null; exit 0` });
  mkdirSync(home);
  const site = aSite({ home, hosts: [localHost()] });
  const paths = sitePaths(join(folder, 'oms'), site.name);
  mkdirSync(paths.folder, { recursive: true });
  const played: Played[] = [];
  const notes: string[] = [];
  const quiet = quietContext(join(folder, 'oms'), signal);
  const context: Context = {
    ...quiet,
    ansible: fakeAnsible(home, played, behaviour),
    remote: remoteWithProxy(home, behaviour),
    terminal: { ...quiet.terminal, note: (text) => void notes.push(text) },
  };
  let images = writeContexts(join(folder, 'images'));

  /** As `oms deploy` plans it, without the preflight. */
  const plan = async (more: Partial<RolloutCall> = {}): Promise<RolloutCall> => {
    const secrets = await siteSecrets(site, context, { keep: true });
    const made = await makeRelease(site, secrets, context, { images });
    const states = await readHostFacts(site, context);
    const preflight = { checks: [], ok: true, hosts: {} };
    const ground = { site, secrets, made, preflight, states, plan: planDeployment({ site, made, states }) };
    return { ...ground, command: 'oms deploy', action: 'deploy', options: OPTIONS, ...more };
  };
  return {
    ...{ site, paths, home, played, notes, context, plan, options: OPTIONS },
    deploy: async (more: Partial<RolloutCall> = {}) => rollOut(await plan(more), context),
    images: () => images,
    /** Another release: its app differs. */
    change: (text: string) => {
      images = writeContexts(join(folder, 'images'), { 'app/producer.js': text });
    },
    playbooks: () => played.map(({ playbook }) => playbook.replace('.yml', '')),
    word: () => readJson<Deploying>(join(home, 'deploying.json')),
    isLocked: () => existsSync(join(home, 'lock')),
    hasSecrets: () => existsSync(join(paths.deploy, 'secrets')),
    audit: () => ({
      server: readLines<AuditEntry>(join(home, 'audit.jsonl')),
      here: readLines<AuditEntry>(paths.audit),
    }),
    report: (file: string) => readJson<DeployRunReport>(file)!,
  };
}
