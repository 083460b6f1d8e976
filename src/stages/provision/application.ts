import { type Static, Type } from 'typebox';
import { AzFailed } from '../../adapters/azure/cloud.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { accountShow } from '../../tools/az.ts';
import * as calls from '../../tools/az-application.ts';
import { explained } from './azure-error.ts';
import { type PublicCertificate, readCertificate } from './certificate.ts';
import type { Environment } from './environment.ts';
import { type Patience, poll } from './poll.ts';

/** Entra ID needs a moment until a new application is known everywhere. */
const PATIENCE: Patience = { deadlineMs: 2 * 60_000, everyMs: 3_000 };

const MaybeText = Type.Optional(Type.Union([Type.String(), Type.Null()]));

const Application = Type.Object({
  appId: Type.String(),
  displayName: Type.String(),
  keyCredentials: Type.Optional(Type.Array(Type.Object({ customKeyIdentifier: MaybeText }))),
});
type Application = Static<typeof Application>;

const Principal = Type.Object({ id: Type.String(), appId: Type.String() });

const INSTEAD = 'oms provision --principal OBJECT_ID with a service principal that an administrator has made';

export interface ApplicationOptions {
  patience?: Patience;
  report?: (detail: string) => void;
}

/** az asks Microsoft Graph in the tenant of its default subscription, whichever is named in the call. */
async function requireTenant({ tenantId, subscriptionId }: Environment, { cloud, signal }: Context): Promise<void> {
  const { tenantId: set } = await cloud.az(accountShow(), Type.Object({ tenantId: Type.String() }), signal);
  if (set.toLowerCase() === tenantId.toLowerCase()) return;
  throw new OmsError('refused', 'az is set to another tenant, and applications would be made there', {
    why: `it is set to ${set}, the environment belongs to ${tenantId}`,
    next: [`az account set --subscription ${subscriptionId}`],
  });
}

async function findApplication(name: string, { cloud, signal }: Context): Promise<Application | undefined> {
  const found = await cloud.az(calls.findApplications(name), Type.Array(Application), signal);
  if (found.length <= 1) return found[0];
  throw new OmsError('refused', `${found.length} applications are called ${name}`, {
    why: `which of them is meant cannot be told: ${found.map(({ appId }) => appId).join(', ')}`,
    next: [INSTEAD],
  });
}

/** Entra ID gives the thumbprint as hex digits or as base64, by age of the entry. */
function holds({ keyCredentials = [] }: Application, { thumbprint }: PublicCertificate): boolean {
  const base64 = Buffer.from(thumbprint, 'hex').toString('base64');
  return keyCredentials.some(
    ({ customKeyIdentifier: known }) => known === base64 || known?.toUpperCase() === thumbprint,
  );
}

/** What Graph answers while a new application is not known everywhere. */
const isTooEarly = (error: unknown) =>
  error instanceof AzFailed && /does not (?:exist|reference)|not found|backing application/i.test(error.message);

/** Tries again while Entra ID has not made up its mind. */
async function onceKnown<T>(attempt: () => Promise<T>, patience: Patience, signal: AbortSignal): Promise<T> {
  const done = await poll(
    () =>
      attempt().then(
        (value) => ({ value }),
        (error) => (isTooEarly(error) ? undefined : Promise.reject(error)),
      ),
    patience,
    signal,
  );
  return done ? done.value : attempt();
}

async function principalOf(appId: string, { cloud, signal }: Context): Promise<string | undefined> {
  const [found] = await cloud.az(calls.findPrincipals(appId), Type.Array(Principal), signal);
  return found?.id;
}

/**
 * Finds or makes the application the apps on-prem sign in as, its certificate and its service principal. Only the
 * certificate's public part is sent, and no password is ever made; what is there already is left as it is.
 * @returns the object id of the service principal.
 * @throws {OmsError} input_file without a usable certificate, refused where it cannot be told which application is
 * meant, azure_failed.
 */
export async function ensureApplication(
  environment: Environment,
  certificateFile: string,
  context: Context,
  { patience = PATIENCE, report = () => {} }: ApplicationOptions = {},
): Promise<string> {
  const { cloud, signal } = context;
  const name = environment.names.application;
  const certificate = await readCertificate(certificateFile);
  const work = async () => {
    await requireTenant(environment, context);
    let application = await findApplication(name, context);
    if (!application) {
      report(`application ${name}`);
      application = await cloud.az(calls.createApplication(name), Application, signal);
    }
    const { appId } = application;
    if (!holds(application, certificate)) {
      report(`certificate ${certificate.thumbprint}`);
      const add = calls.addCertificate(appId, certificate.base64, certificate.validTo);
      await onceKnown(() => cloud.az(add, Type.Unknown(), signal), patience, signal);
    }
    const known = await principalOf(appId, context);
    if (known) return known;
    report('service principal');
    return (await onceKnown(() => cloud.az(calls.createPrincipal(appId), Principal, signal), patience, signal)).id;
  };
  return explained(`the application ${name} could not be made`, work, [INSTEAD]);
}

/**
 * The application that was made for an environment; one that was given with --principal is somebody else's.
 * @returns its id; undefined where there is none of ours.
 */
export async function findOwnApplication(environment: Environment, context: Context): Promise<string | undefined> {
  const { names, applicationObjectId } = environment;
  return explained(`the application ${names.application} could not be looked for`, async () => {
    await requireTenant(environment, context);
    const application = await findApplication(names.application, context);
    if (!application) return undefined;
    const principal = await principalOf(application.appId, context);
    return applicationObjectId === null || principal === applicationObjectId ? application.appId : undefined;
  });
}

/** Removes an application and its service principal. @param appId as {@link findOwnApplication} gives it. */
export async function removeApplication(appId: string, { names }: Environment, context: Context): Promise<void> {
  const remove = () => context.cloud.az(calls.deleteApplication(appId), Type.Unknown(), context.signal);
  await explained(`the application ${names.application} could not be removed`, remove);
}
