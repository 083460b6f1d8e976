import type { Environment } from '../provision/environment.ts';
import type { Outputs } from '../provision/outputs.ts';
import { ARCHIVE_CONTAINER, ARCHIVE_DAYS, FILE_CONTAINERS, HUBS } from '../provision/topology.ts';

/** What the picture says of a hub. */
export interface HubFacts {
  name: string;
  /** Undefined until the namespace is sized. */
  partitions: number | undefined;
  retentionHours: number | undefined;
  capture: boolean;
  consumerGroups: readonly string[];
}

/** What the picture says of Azure: of an environment where there is one, of the defaults otherwise. */
export interface CloudFacts {
  /** Undefined for the defaults. */
  environment: string | undefined;
  /** Whether Azure has it, as far as the outputs of the last run say. */
  provisioned: boolean;
  region: string | undefined;
  secondaryRegion: string | undefined;
  namespace: { name: string | undefined; size: string; access: string };
  hubs: readonly HubFacts[];
  archive: {
    account: string | undefined;
    container: string;
    days: number;
    redundancy: string;
    captureEverySeconds: number;
    /** Undefined where no environment says it. */
    locked: boolean | undefined;
  };
  files: { account: string | undefined; containers: readonly string[] };
  keyVault: string | undefined;
  logWorkspace: string | undefined;
}

/** Capture's window where no environment says another (templates/terraform). */
const DEFAULT_CAPTURE_SECONDS = 300;

function plannedHubs(environment: Environment | undefined): HubFacts[] {
  return HUBS.map(({ name, partitions, retentionHours, capture, consumerGroups }) => ({
    name,
    partitions: partitions === 'sized' ? environment?.capacity.partitions : partitions,
    retentionHours,
    capture,
    consumerGroups,
  }));
}

/** The hubs Azure has, which are not only those of the template's defaults. */
function providedHubs({ hubs }: Outputs): HubFacts[] {
  return Object.entries(hubs).map(([name, { partitions, consumer_groups }]) => {
    const spec = HUBS.find((hub) => hub.name === name);
    return {
      name,
      partitions,
      retentionHours: spec?.retentionHours,
      capture: spec?.capture ?? false,
      consumerGroups: consumer_groups,
    };
  });
}

function sizeOf({ capacity }: Environment): string {
  const { sku, units, maximumUnits } = capacity;
  const unit = sku === 'Premium' ? 'PU' : 'TU';
  return `${sku}, ${units} ${unit}${maximumUnits > units ? `, up to ${maximumUnits}` : ''}`;
}

function accessOf(environment: Environment | undefined): string {
  const keys = environment?.sasFallback ? 'Entra ID or shared keys' : 'Entra ID, no keys';
  return environment?.privateEndpointSubnetId ? `${keys}, private endpoint` : keys;
}

/**
 * @param environment what was answered for an environment, undefined draws the defaults.
 * @param outputs what its last run has made, undefined before the first.
 */
export function cloudFacts(environment: Environment | undefined, outputs: Outputs | undefined): CloudFacts {
  const names = environment?.names;
  return {
    environment: environment?.name,
    provisioned: outputs !== undefined,
    region: environment?.region,
    secondaryRegion: environment?.secondaryRegion ?? undefined,
    namespace: {
      name: outputs?.namespace.name ?? names?.namespace,
      size: environment ? sizeOf(environment) : 'sized by oms provision',
      access: accessOf(environment),
    },
    hubs: outputs ? providedHubs(outputs) : plannedHubs(environment),
    archive: {
      account: outputs?.archive.account ?? names?.archiveAccount,
      container: outputs?.archive.container ?? ARCHIVE_CONTAINER,
      days: ARCHIVE_DAYS,
      redundancy: environment?.archiveRedundancy ?? 'RAGRS',
      captureEverySeconds: environment?.captureIntervalSeconds ?? DEFAULT_CAPTURE_SECONDS,
      locked: environment?.archiveLocked,
    },
    files: {
      account: outputs?.files.account ?? names?.filesAccount,
      containers: outputs?.files.containers ?? FILE_CONTAINERS,
    },
    keyVault: outputs?.key_vault.name ?? names?.keyVault,
    logWorkspace: names?.logWorkspace,
  };
}
