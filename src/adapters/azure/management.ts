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
import { azureFailure, isNotFound, tooLate } from './failures.ts';

export interface ManagementOptions {
  subscriptionId: string;
  endpoints: CloudEndpoints;
  credential: TokenCredential;
  /** Ends what is under way. */
  signal?: AbortSignal | undefined;
  /** How long a question may take, with every page and every repeat of the SDK; without a limit of ours it has none. */
  deadlineMs?: number;
}

const DEADLINE_MS = 120_000;

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

type Ask<Answer> = (options: { abortSignal: AbortSignal }) => Promise<Answer>;

class ArmManagement implements Management {
  readonly #hubs: EventHubManagementClient;
  readonly #storage: StorageManagementClient;
  readonly #signal: AbortSignal | undefined;
  readonly #deadlineMs: number;

  constructor(
    hubs: EventHubManagementClient,
    storage: StorageManagementClient,
    { signal, deadlineMs = DEADLINE_MS }: ManagementOptions,
  ) {
    this.#hubs = hubs;
    this.#storage = storage;
    this.#signal = signal;
    this.#deadlineMs = deadlineMs;
  }

  /** Asks, until there is an answer, the time is up, or somebody has had enough. */
  async #need<Answer>(doing: string, ask: Ask<Answer>, signal = this.#signal): Promise<Answer> {
    const deadline = AbortSignal.timeout(this.#deadlineMs);
    try {
      return await ask({ abortSignal: signal ? AbortSignal.any([signal, deadline]) : deadline });
    } catch (error) {
      signal?.throwIfAborted();
      throw deadline.aborted ? tooLate(doing, this.#deadlineMs, error) : azureFailure(doing, error);
    }
  }

  /** Asks; what is not there is undefined. */
  #find<Answer>(doing: string, ask: Ask<Answer>): Promise<Answer | undefined> {
    const unlessMissing = (error: unknown) => (isNotFound(error) ? undefined : Promise.reject(error));
    return this.#need(doing, (options) => ask(options).catch(unlessMissing));
  }

  async namespace(group: string, name: string): Promise<NamespaceFacts | undefined> {
    const { namespaces } = this.#hubs;
    const what = `namespace ${name}`;
    const found = await this.#find(`read ${what}`, (options) => namespaces.get(group, name, options));
    if (!found) return undefined;
    const answer = checkAnswer(NamespaceAnswer, found, what);
    const rules = await this.#need(`read the network rules of ${what}`, (options) =>
      namespaces.getNetworkRuleSet(group, name, options),
    );
    return namespaceFacts(answer, checkAnswer(NetworkRulesAnswer, rules, `the network rules of ${what}`));
  }

  async hubs(group: string, namespace: string): Promise<HubFacts[]> {
    const { eventHubs } = this.#hubs;
    const listed = await this.#find(`list the hubs of ${namespace}`, (options) =>
      collect(eventHubs.listByNamespace(group, namespace, options)),
    );
    const answers = (listed ?? []).map((hub) => checkAnswer(HubAnswer, hub, `a hub of ${namespace}`));
    return Promise.all(
      answers.map(async (answer) => hubFacts(answer, await this.#groupsOf(group, namespace, answer.name))),
    );
  }

  async #groupsOf(group: string, namespace: string, hub: string): Promise<string[]> {
    const groups = await this.#need(`list the consumer groups of hub ${hub}`, (options) =>
      collect(this.#hubs.consumerGroups.listByEventHub(group, namespace, hub, options)),
    );
    return groups.map((one) => checkAnswer(NamedAnswer, one, `a consumer group of hub ${hub}`).name);
  }

  async archive(group: string, account: string, container: string): Promise<ArchiveFacts | undefined> {
    const { storageAccounts, blobContainers, managementPolicies } = this.#storage;
    const what = `storage account ${account}`;
    const [found, there, policy, lifecycle] = await Promise.all([
      this.#find(`read ${what}`, (options) => storageAccounts.getProperties(group, account, options)),
      this.#find(`read container ${container}`, (options) => blobContainers.get(group, account, container, options)),
      this.#find(`read the retention of container ${container}`, (options) =>
        blobContainers.getImmutabilityPolicy(group, account, container, options),
      ),
      this.#find(`read the lifecycle rules of ${what}`, (options) =>
        managementPolicies.get(group, account, 'default', options),
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
    const pairs = await this.#find(`read the geo-DR pair of ${namespace}`, (options) =>
      collect(this.#hubs.disasterRecoveryConfigs.list(group, namespace, options)),
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
    const found = await this.#need(`look whether the name ${name} is free`, (options) =>
      this.#hubs.namespaces.checkNameAvailability({ name }, options),
    );
    const { nameAvailable, reason, message } = checkAnswer(NameAnswer, found, `the name ${name}`);
    const why = message ?? reason;
    return { free: nameAvailable, ...(!nameAvailable && why && { reason: why }) };
  }

  async ensureHubRules(group: string, namespace: string, hub: string): Promise<void> {
    const { eventHubs } = this.#hubs;
    const existing = await this.#need(`list the access rules of hub ${hub}`, (options) =>
      collect(eventHubs.listAuthorizationRules(group, namespace, hub, options)),
    );
    for (const { name, right } of HUB_RULES) {
      const rights = existing.find((rule) => rule.name === name)?.rights;
      if (rights?.length === 1 && rights[0] === right) continue;
      await this.#need(`make rule ${name} of hub ${hub}`, (options) =>
        eventHubs.createOrUpdateAuthorizationRule(group, namespace, hub, name, { rights: [right] }, options),
      );
    }
  }

  async lockArchive(group: string, account: string, container: string, etag: string): Promise<void> {
    // Nobody could say whether it was locked, were it interrupted.
    const never = new AbortController().signal;
    await this.#need(
      `lock the retention of container ${container}`,
      (options) => this.#storage.blobContainers.lockImmutabilityPolicy(group, account, container, etag, options),
      never,
    );
  }
}

/**
 * Azure Resource Manager through the SDKs, at the endpoint of whichever cloud az is set to. The SDKs themselves try
 * again what Azure throttles (429 with Retry-After) and what fails on its side.
 */
export async function createManagement(options: ManagementOptions): Promise<Management> {
  const { subscriptionId, credential } = options;
  const [{ EventHubManagementClient }, { StorageManagementClient }] = await Promise.all([
    import('@azure/arm-eventhub'),
    import('@azure/arm-storage'),
  ]);
  const endpoint = options.endpoints.resourceManager.replace(/\/+$/, '');
  const settings = { endpoint, credentials: { scopes: [`${endpoint}/.default`] } };
  return new ArmManagement(
    new EventHubManagementClient(credential, subscriptionId, settings),
    new StorageManagementClient(credential, subscriptionId, settings),
    options,
  );
}
