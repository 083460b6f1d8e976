import { Type } from 'typebox';
import type { SiteOptions } from '../../config/deploy-options.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { findApplications, showPrincipal } from '../../tools/az-application.ts';
import { explained } from '../provision/azure-error.ts';
import { type Environment, environmentPaths } from '../provision/environment.ts';
import { Outputs } from '../provision/outputs.ts';
import { readEnvironment } from '../provision/saved-environment.ts';
import type { Site } from './site.ts';

type AzureEvents = Extract<Site['events'], { kind: 'azure' }>;

/** What `oms provision` has made, as far as this folder knows. */
export interface Provisioned {
  environment: Environment;
  outputs: Outputs;
}

/** @returns undefined where the environment was not provisioned to its end from this folder. */
export async function readProvisioned(
  name: string,
  { settings, machine }: Pick<Context, 'settings' | 'machine'>,
): Promise<Provisioned | undefined> {
  const environment = await readEnvironment(settings.dir, name);
  const outputs = await machine.readJson(environmentPaths(settings.dir, name).outputs, Outputs);
  return environment && outputs && { environment, outputs };
}

const notProvisioned = (env: string) =>
  new OmsError('not_provisioned', `${env} has no namespace yet`, {
    why: 'with --events azure events go to the namespace of "oms provision", and this folder knows of none',
    next: [
      `oms provision --env ${env}`,
      `oms deploy --env ${env} --events local`,
      'call it where it was provisioned, or with OMS_DIR set to its folder',
    ],
  });

const AppId = Type.Object({ appId: Type.String() });

/** The id that the apps sign in with: az knows it by what `oms provision` has written down. */
async function findClientId(environment: Environment, { cloud }: Context): Promise<string> {
  const { applicationObjectId, names } = environment;
  const next = ['--client-id ID names it without az'];
  if (applicationObjectId !== null) {
    const work = () => cloud.az(showPrincipal(applicationObjectId), AppId);
    return (await explained('the application of the apps', work, next)).appId;
  }
  const work = () => cloud.az(findApplications(names.application), Type.Array(AppId));
  const [found] = await explained('the application of the apps', work, next);
  if (found) return found.appId;
  throw new OmsError('not_provisioned', 'there is no application that the apps could sign in with', {
    why: `Entra ID knows none called ${names.application}`,
    next: [`oms provision --env ${environment.name} --certificate FILE`, ...next],
  });
}

/**
 * Where the events of a site go in Azure.
 * @param certificate path of the PEM with key and certificate.
 * @throws {OmsError} not_provisioned without a namespace or an application; login_missing, tool_missing or azure_failed
 * where az has to be asked for the application and cannot say.
 */
export async function azureEvents(
  options: Pick<SiteOptions, 'env' | 'clientId'>,
  certificate: string,
  saved: AzureEvents | undefined,
  context: Context,
): Promise<AzureEvents> {
  const provisioned = await readProvisioned(options.env, context);
  if (!provisioned) throw notProvisioned(options.env);
  const { environment, outputs } = provisioned;
  const clientId = options.clientId ?? saved?.clientId ?? (await findClientId(environment, context));
  return {
    kind: 'azure',
    namespace: outputs.namespace.fqdn,
    tenantId: environment.tenantId,
    clientId,
    certificate,
    filesAccount: outputs.files.blob_endpoint,
  };
}
