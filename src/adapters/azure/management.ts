import type { EventHubManagementClient } from '@azure/arm-eventhub';
import type { StorageManagementClient } from '@azure/arm-storage';
import type { TokenCredential } from '@azure/identity';
import {
  AccountAnswer,
  checkAnswer,
  HubAnswer,
  LifecycleAnswer,
  NameAnswer,
  NamedAnswer,
  NamespaceAnswer,
  NetworkRulesAnswer,
  PolicyAnswer,
  RecoveryAnswer,
} from './answers.ts';
import type { ArchiveFacts, CloudEndpoints, HubFacts, Management, NamespaceFacts } from './cloud.ts';
import { archiveFacts, hubFacts, namespaceFacts } from './facts.ts';
import { azureFailure, isNotFound } from './failures.ts';

export interface ManagementOptions {
  subscriptionId: string;
  endpoints: CloudEndpoints;
  credential: TokenCredential;
  /** Ends what is under way. */
  signal?: AbortSignal;
}

/** The two rules of a hub, each with the one right that its user needs. */
export const HUB_RULES = [
  { name: 'oms-send', right: 'Send' },
  { name: 'oms-listen', right: 'Listen' },
] as const;

async function collect<Item>(pages: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

/** Asks; what is not there is undefined. */
async function find<Answer>(doing: string, ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw azureFailure(doing, error);
  }
}

async function need<Answer>(doing: string, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    throw azureFailure(doing, error);
  }
}

class ArmManagement implements Management {
  readonly #hubs: EventHubManagementClient;
  readonly #storage: StorageManagementClient;
  readonly #options: { abortSignal?: AbortSignal };

  constructor(hubs: EventHubManagementClient, storage: StorageManagementClient, signal: AbortSignal | undefined) {
    this.#hubs = hubs;
    this.#storage = storage;
    this.#options = signal ? { abortSignal: signal } : {};
  }

  async namespace(group: string, name: string): Promise<NamespaceFacts | undefined> {
    const { namespaces } = this.#hubs;
    const what = `namespace ${name}`;
    const found = await find(`read ${what}`, () => namespaces.get(group, name, this.#options));
    if (!found) return undefined;
    const answer = checkAnswer(NamespaceAnswer, found, what);
    const rules = await need(`read the network rules of ${what}`, () =>
      namespaces.getNetworkRuleSet(group, name, this.#options),
    );
    return namespaceFacts(answer, checkAnswer(NetworkRulesAnswer, rules, `the network rules of ${what}`));
  }

  async hubs(group: string, namespace: string): Promise<HubFacts[]> {
    const { eventHubs } = this.#hubs;
    const listed = await find(`list the hubs of ${namespace}`, () =>
      collect(eventHubs.listByNamespace(group, namespace, this.#options)),
    );
    const answers = (listed ?? []).map((hub) => checkAnswer(HubAnswer, hub, `a hub of ${namespace}`));
    return Promise.all(
      answers.map(async (answer) => hubFacts(answer, await this.#groupsOf(group, namespace, answer.name))),
    );
  }

  async #groupsOf(group: string, namespace: string, hub: string): Promise<string[]> {
    const groups = await need(`list the consumer groups of hub ${hub}`, () =>
      collect(this.#hubs.consumerGroups.listByEventHub(group, namespace, hub, this.#options)),
    );
    return groups.map((one) => checkAnswer(NamedAnswer, one, `a consumer group of hub ${hub}`).name);
  }

  async archive(group: string, account: string, container: string): Promise<ArchiveFacts | undefined> {
    const { storageAccounts, blobContainers, managementPolicies } = this.#storage;
    const what = `storage account ${account}`;
    const [found, there, policy, lifecycle] = await Promise.all([
      find(`read ${what}`, () => storageAccounts.getProperties(group, account, this.#options)),
      find(`read container ${container}`, () => blobContainers.get(group, account, container, this.#options)),
      find(`read the retention of container ${container}`, () =>
        blobContainers.getImmutabilityPolicy(group, account, container, this.#options),
      ),
      find(`read the lifecycle rules of ${what}`, () =>
        managementPolicies.get(group, account, 'default', this.#options),
      ),
    ]);
    if (!found || !there) return undefined;
    return archiveFacts(
      checkAnswer(AccountAnswer, found, what),
      policy && checkAnswer(PolicyAnswer, policy, `the retention of container ${container}`),
      lifecycle && checkAnswer(LifecycleAnswer, lifecycle, `the lifecycle rules of ${what}`),
    );
  }

  async recovery(group: string, namespace: string) {
    const pairs = await find(`read the geo-DR pair of ${namespace}`, () =>
      collect(this.#hubs.disasterRecoveryConfigs.list(group, namespace, this.#options)),
    );
    const [first] = pairs ?? [];
    if (!first) return undefined;
    const answer = checkAnswer(RecoveryAnswer, first, `the geo-DR pair of ${namespace}`);
    return {
      alias: answer.name,
      role: answer.role ?? 'unknown',
      state: answer.provisioningState ?? 'unknown',
      partner: answer.partnerNamespace ?? undefined,
    };
  }

  async namespaceNameFree(name: string): Promise<{ free: boolean; reason?: string }> {
    const found = await need(`look whether the name ${name} is free`, () =>
      this.#hubs.namespaces.checkNameAvailability({ name }, this.#options),
    );
    const { nameAvailable, reason, message } = checkAnswer(NameAnswer, found, `the name ${name}`);
    const why = message ?? reason;
    return { free: nameAvailable, ...(!nameAvailable && why && { reason: why }) };
  }

  async ensureHubRules(group: string, namespace: string, hub: string): Promise<void> {
    const { eventHubs } = this.#hubs;
    const existing = await need(`list the access rules of hub ${hub}`, () =>
      collect(eventHubs.listAuthorizationRules(group, namespace, hub, this.#options)),
    );
    for (const { name, right } of HUB_RULES) {
      const rights = existing.find((rule) => rule.name === name)?.rights;
      if (rights?.length === 1 && rights[0] === right) continue;
      await need(`make rule ${name} of hub ${hub}`, () =>
        eventHubs.createOrUpdateAuthorizationRule(group, namespace, hub, name, { rights: [right] }, this.#options),
      );
    }
  }

  async lockArchive(group: string, account: string, container: string, etag: string): Promise<void> {
    await need(`lock the retention of container ${container}`, () =>
      this.#storage.blobContainers.lockImmutabilityPolicy(group, account, container, etag, this.#options),
    );
  }
}

/**
 * Azure Resource Manager through the SDKs, at the endpoint of whichever cloud az is set to. The SDKs themselves try
 * again what Azure throttles (429 with Retry-After) and what fails on its side.
 */
export async function createManagement(options: ManagementOptions): Promise<Management> {
  const { subscriptionId, credential, signal } = options;
  const [{ EventHubManagementClient }, { StorageManagementClient }] = await Promise.all([
    import('@azure/arm-eventhub'),
    import('@azure/arm-storage'),
  ]);
  const endpoint = options.endpoints.resourceManager.replace(/\/+$/, '');
  const settings = { endpoint, credentials: { scopes: [`${endpoint}/.default`] } };
  return new ArmManagement(
    new EventHubManagementClient(credential, subscriptionId, settings),
    new StorageManagementClient(credential, subscriptionId, settings),
    signal,
  );
}
