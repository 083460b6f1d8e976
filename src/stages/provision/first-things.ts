import type { Context } from '../../context.ts';
import type { Step } from '../../ui/steps.ts';
import { ensureApplication } from './application.ts';
import { Environment, type EnvironmentPaths } from './environment.ts';
import type { Account } from './preflight/account.ts';
import { registerProviders } from './register.ts';
import { bootstrapState } from './state-backend.ts';

interface Beginning {
  environment: Environment;
  paths: EnvironmentPaths;
  account: Account;
  certificate: string | undefined;
}

const told = (made: readonly string[]) => (made.length > 0 ? made.join(', ') : 'there already');

/** What Terraform cannot begin without, made by az; each finds what an earlier run has made. */
export const firstSteps = (context: Context): Step<Beginning>[] => [
  {
    title: 'remembering the answers',
    run: async ({ environment, paths }) => {
      // What is made from here on can only be found again by these names; what differs from before awaits a yes.
      if (context.machine.exists(paths.environment)) return 'as before, until the plan is agreed to';
      await context.machine.makeFolder(paths.folder);
      context.machine.writeJson(paths.environment, environment);
      return undefined;
    },
  },
  {
    title: 'registering resource providers',
    run: async ({ environment }, report) => told(await registerProviders(environment, context, { report })),
  },
  {
    title: 'making a place for the state',
    run: async ({ environment, account }, report) =>
      environment.state.kind === 'local'
        ? 'kept in a file on this machine'
        : told(await bootstrapState(environment, account, context, { report })),
  },
  {
    title: 'letting the apps in',
    run: async ({ environment, paths, certificate }, report) => {
      if (certificate === undefined) return environment.applicationObjectId ?? 'no application';
      const applicationObjectId = await ensureApplication(environment, certificate, context, { report });
      environment.applicationObjectId = applicationObjectId;
      const saved = await context.machine.readJson(paths.environment, Environment);
      context.machine.writeJson(paths.environment, { ...(saved ?? environment), applicationObjectId });
      return environment.names.application;
    },
  },
];
