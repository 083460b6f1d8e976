import type { Static, TSchema } from 'typebox';

/** Endpoints of the cloud that az is set to: public Azure, a sovereign cloud, or a stand-in. */
export interface CloudEndpoints {
  /** Name of the cloud, "AzureCloud" for public Azure. */
  name: string;
  /** e.g. https://management.azure.com */
  resourceManager: string;
}

/** A namespace as Azure says it is. */
export interface NamespaceFacts {
  id: string;
  location: string;
  state: string;
  sku: string;
  units: number;
  autoInflate: boolean;
  maximumUnits: number;
  localAuthDisabled: boolean;
  minimumTls: string | undefined;
  publicNetworkAccess: string | undefined;
  zoneRedundant: boolean | undefined;
  /** Host and port of the service, as Azure writes it: https://NAME.servicebus.windows.net:443/ */
  serviceEndpoint: string;
  network: { defaultAction: string; trustedServices: boolean; ranges: string[] };
}

/** A hub as Azure says it is. */
export interface HubFacts {
  name: string;
  partitions: number;
  state: string;
  retentionHours: number | undefined;
  consumerGroups: string[];
  capture:
    | {
        enabled: boolean;
        encoding: string;
        intervalSeconds: number;
        identityId: string | undefined;
        accountId: string;
        container: string;
        nameFormat: string;
      }
    | undefined;
}

/** The archive account and its container as Azure says they are. */
export interface ArchiveFacts {
  accountId: string;
  redundancy: string;
  sharedKeys: boolean;
  publicBlobs: boolean;
  minimumTls: string | undefined;
  blobEndpoint: string;
  defaultAction: string;
  /** Whether Azure's own services, Capture among them, pass the firewall. */
  trustedServices?: boolean;
  /** Time-based retention of the container; undefined when it has none. */
  policy: { days: number; state: 'Locked' | 'Unlocked' | 'Deleted' | string; etag: string } | undefined;
  /** Lifecycle rules with their actions: "tierToCool", "delete"; of snapshots and versions "version.delete". */
  lifecycle: { name: string; actions: string[] }[];
}

/** Reads the resources back through Azure Resource Manager, and changes the few things Terraform should not. */
export interface Management {
  /** @returns undefined when it is not there. */
  namespace(group: string, name: string): Promise<NamespaceFacts | undefined>;
  hubs(group: string, namespace: string): Promise<HubFacts[]>;
  archive(group: string, account: string, container: string): Promise<ArchiveFacts | undefined>;
  /** The geo-DR alias: who is its partner, in which state; undefined without one. */
  recovery(
    group: string,
    namespace: string,
  ): Promise<{ alias: string; role: string; state: string; partner?: string | undefined } | undefined>;
  /** Whether a namespace may be called so, and why not. */
  namespaceNameFree(name: string): Promise<{ free: boolean; reason?: string }>;
  /** One send and one listen rule per hub, for `--sas-fallback`; their keys are never read. */
  ensureHubRules(group: string, namespace: string, hub: string): Promise<void>;
  /** Locks the container's policy for ever; there is no way back. */
  lockArchive(group: string, account: string, container: string, etag: string): Promise<void>;
}

export interface CanaryTarget {
  /** Name of the environment, for whoever finds the event. */
  environment: string;
  /** e.g. evhns-oms-demo.servicebus.windows.net */
  host: string;
  /** An AMQP gateway in front of it, sb://host:port; undefined goes straight. */
  gateway?: string | undefined;
  hub: string;
  consumerGroup: string;
  archive: { blobEndpoint: string; container: string; namespace: string; nameFormat?: string | undefined };
}

/** Where and when the canary was seen. */
export interface CanarySighting {
  partition: string;
  sequenceNumber: number;
  /** From sending to receiving. */
  roundTripMs: number;
  /** By the hub's clock, ISO 8601; older files need not be looked through. */
  enqueuedAt?: string;
}

/** Azure knows who asks, and does not let them: a role is missing, or has not reached every server yet. */
export class AccessDenied extends Error {
  override readonly name = 'AccessDenied';
  readonly right: 'send' | 'receive' | 'read the archive';

  constructor(right: AccessDenied['right'], cause: Error) {
    super(cause.message, { cause });
    this.right = right;
  }
}

/** Sends one event and looks for it at both ends of the namespace. */
export interface Canary {
  /**
   * Sends it and waits until the consumer group gives it back.
   * @throws {AccessDenied} which may pass by itself right after a role was assigned
   */
  roundTrip(target: CanaryTarget, id: string, signal: AbortSignal): Promise<CanarySighting>;
  /**
   * Waits until a Capture file with it lies in the archive.
   * @returns the file's name; undefined when the time is up
   * @throws {AccessDenied} when the archive has let nobody in all the time
   */
  inArchive(
    target: CanaryTarget,
    id: string,
    sighting: CanarySighting,
    options: { signal: AbortSignal; timeoutMs: number; onWait?: (waitedMs: number, note?: string) => void },
  ): Promise<string | undefined>;
}

/** Azure as the stages see it; a test hands in parts of its own. Everything heavy is imported when first used. */
export interface Cloud {
  /** Version of the az installed; undefined when there is none. */
  azVersion(): Promise<string | undefined>;
  /**
   * Runs az with `--output json --only-show-errors` and checks its answer.
   * @throws {AzFailed} with the code az or Azure gave.
   */
  az<S extends TSchema>(args: readonly string[], schema: S, signal?: AbortSignal): Promise<Static<S>>;
  endpoints(): Promise<CloudEndpoints>;
  management(subscriptionId: string, tenantId: string): Promise<Management>;
  canary(tenantId: string): Promise<Canary>;
}

/** An az call that ended with an error. */
export class AzFailed extends Error {
  override readonly name = 'AzFailed';
  /** Such as AuthorizationFailed or ResourceNotFound, where the text holds one. */
  readonly code: string | undefined;
  readonly exitCode: number | undefined;

  constructor(message: string, code: string | undefined, exitCode: number | undefined) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
  }
}
