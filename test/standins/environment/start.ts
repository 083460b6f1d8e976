import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { findVersion } from '../../../src/adapters/exec/find-version.ts';
import { fakeProgram } from '../../helpers/fake-program.ts';
import { type Arm, startArm } from '../arm/arm.ts';
import { DEPLOYER, SUBSCRIPTION_ID } from '../arm/identities.ts';
import { installProviders } from '../terraform/cli-config.ts';
import { prepareAz } from './azure.ts';
import { startBlobs } from './blobs.ts';
import { startCapture } from './capture.ts';
import { startEventHubs } from './event-hubs.ts';
import type { Scope } from './scope.ts';
import { keepCertificates, keepPorts } from './settings.ts';

const CHECKOUT = join(import.meta.dirname, '..', '..', '..');

/** What runs, and what a command has to be told to find it. */
export interface Standins {
  arm: Arm;
  env: Record<string, string>;
  /** Each stand-in by name, and what it stands for. */
  table: readonly (readonly [string, string])[];
}

export interface StandinOptions {
  /** False for who brings an az of their own. */
  withAz?: boolean;
}

/**
 * Starts everything that `oms provision` meets, as stand-ins that nothing of Azure is behind.
 * @param folder keeps their cloud between two calls.
 */
export async function startStandins(
  folder: string,
  scope: Scope,
  report: (activity: string) => void,
  { withAz = true }: StandinOptions = {},
): Promise<Standins> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [ports, certificates] = await Promise.all([keepPorts(folder), keepCertificates(folder)]);
  setDefaultCACertificates([...getCACertificates('default'), certificates.ca]);
  const blobs = await startBlobs(folder, ports.blobs, certificates, scope);
  const arm = await startArm({
    certificate: certificates,
    folder: join(folder, 'arm'),
    port: ports.arm,
    endpoints: { blob: `${blobs.endpoint}/` },
  });
  scope.after(() => arm.stop());
  const hubs = await startEventHubs(folder, certificates, scope);
  startCapture(arm, hubs, blobs, scope);
  const [az, terraform] = await Promise.all([
    withAz
      ? prepareAz(folder, arm, certificates, report)
      : { env: {} as Record<string, string>, missing: 'not wanted' },
    terraformVersion(),
  ]);
  return {
    arm,
    env: {
      ...az.env,
      ...installProviders(join(folder, 'terraform')),
      NODE_EXTRA_CA_CERTS: certificates.caFile,
      OMS_STANDIN_ARM: arm.url,
      OMS_STANDIN_BLOB_ENDPOINT: `${blobs.endpoint}/`,
      OMS_STANDIN_OBJECT_ID: DEPLOYER.objectId,
      OMS_EVENTHUB_GATEWAY: hubs.gateway,
      // An address of the documentation's own (RFC 5737): no stand-in has a firewall.
      OMS_PROVISION_ALLOW_IP: '203.0.113.0/24',
      // Terraform's azurerm backend would look for a storage account in Azure.
      OMS_PROVISION_STATE: 'local',
      PATH: `${ownBin(folder)}:${az.env.PATH ?? process.env.PATH}`,
    },
    table: [
      ['Azure Resource Manager', `${arm.url}, subscription ${SUBSCRIPTION_ID}: a stand-in, with Entra ID and Graph`],
      [
        'az',
        az.missing ? `not run (${az.missing})` : `the real one, logged in to the stand-in as ${DEPLOYER.displayName}`,
      ],
      [
        'Terraform',
        terraform ? `the real ${terraform}, with schema stand-ins for azurerm and time` : 'not run (not on PATH)',
      ],
      ['Event Hubs', `${hubs.gateway}: the local hub behind TLS, for every namespace`],
      ['Capture', 'a stand-in that writes what hubs have taken to the archive every two seconds'],
      ['Blob storage', `${blobs.endpoint}: Azurite, one account for every account`],
    ],
  };
}

const terraformVersion = () => findVersion({ command: 'terraform', versionArguments: ['version'] });

/** `oms` straight from this checkout. */
function ownBin(folder: string): string {
  const bin = join(folder, 'bin');
  fakeProgram(join(bin, 'oms'), `exec '${process.execPath}' '${join(CHECKOUT, 'bin', 'dev.js')}' "$@"`);
  return bin;
}
