import type { Logger } from '../../../lib/runtime/logger.ts';
import { AmqpError, Condition } from '../amqp/errors.ts';
import type { Broker } from '../broker/broker.ts';
import type { Hub } from '../broker/hub.ts';
import { DEFAULT_GROUP, type HubConfig, HubConfigError, type HubSettings, sameName } from '../broker/hub-config.ts';
import type { Upkeep } from '../upkeep.ts';

/** A change that cannot be made, with the HTTP status that says so. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

interface AdminOptions {
  broker: Broker;
  upkeep: Upkeep;
  /** Ends the links to entities that are gone. */
  detach: (gone: (entity: string) => boolean, error: AmqpError) => void;
  logger: Logger;
}

const notFound = (what: string): AdminError =>
  new AdminError(404, `The messaging entity '${what}' could not be found.`);

const removed = (what: string): AmqpError =>
  new AmqpError(Condition.notFound, `The messaging entity '${what}' could not be found. It was removed.`);

/** Makes, changes and removes hubs while they are used; one change after the other. */
export class HubAdmin {
  readonly #broker: Broker;
  readonly #upkeep: Upkeep;
  readonly #detach: AdminOptions['detach'];
  readonly #logger: Logger;
  #before: Promise<unknown> = Promise.resolve();

  constructor({ broker, upkeep, detach, logger }: AdminOptions) {
    this.#broker = broker;
    this.#upkeep = upkeep;
    this.#detach = detach;
    this.#logger = logger;
  }

  /** @throws {AdminError} 404 */
  find(name: string): Hub {
    const hub = this.#broker.hub(name);
    if (hub === undefined) throw notFound(name);
    return hub;
  }

  /**
   * Makes a hub, or adds to the one of that name and changes its settings.
   * @throws {AdminError} 409 when it is there with another number of partitions, 400 for settings that cannot be followed
   */
  put(config: HubConfig): Promise<{ hub: Hub; created: boolean }> {
    return this.#inTurn(async () => {
      const known = this.#broker.hub(config.name);
      const created = known === undefined;
      const hub = created ? await this.#create(config) : await this.#change(known, config);
      const { name, partitions, consumerGroups } = hub;
      this.#logger.info(
        { hub: name, partitions: partitions.length, consumerGroups },
        created ? 'hub created' : 'hub changed',
      );
      return { hub, created };
    });
  }

  async #create(config: HubConfig): Promise<Hub> {
    const hub = this.#put(config);
    await this.#follow(hub).catch(async (error: unknown) => {
      await this.#upkeep.leave(hub);
      await this.#broker.remove(hub);
      throw error;
    });
    return hub;
  }

  async #change(hub: Hub, config: HubConfig): Promise<Hub> {
    const before = hub.settings;
    const { retention, capture } = config;
    if (retention !== undefined || capture !== undefined) {
      await this.#follow(hub, { ...before, ...(retention && { retention }), ...(capture && { capture }) });
    }
    try {
      return this.#put(config);
    } catch (error) {
      await this.#follow(hub, before);
      throw error;
    }
  }

  #put(config: HubConfig): Hub {
    try {
      return this.#broker.put(config);
    } catch (error) {
      if (error instanceof HubConfigError) throw new AdminError(409, error.message);
      throw error;
    }
  }

  /** Puts settings into effect; when they cannot be, those before stay. */
  async #follow(hub: Hub, settings: HubSettings = hub.settings): Promise<void> {
    const before = hub.settings;
    hub.settings = settings;
    try {
      await this.#upkeep.follow(hub);
    } catch (error) {
      hub.settings = before;
      if (before !== settings) await this.#upkeep.follow(hub);
      throw new AdminError(400, (error as Error).message);
    }
  }

  /** Adds a consumer group. @throws {AdminError} 404 */
  putGroup(name: string, group: string): Promise<Hub> {
    const { partitions } = this.find(name);
    return this.put({ name, partitions: partitions.length, consumerGroups: [group] }).then(({ hub }) => hub);
  }

  /** Removes a hub with its events, and ends the links to it. @throws {AdminError} 404 */
  remove(name: string): Promise<void> {
    return this.#inTurn(async () => {
      const hub = this.find(name);
      const path = hub.name.toLowerCase();
      await this.#upkeep.leave(hub);
      const gone = this.#broker.remove(hub);
      this.#detach((entity) => entity === path || entity.startsWith(`${path}/`), removed(hub.name));
      await gone;
      this.#logger.info({ hub: hub.name }, 'hub removed');
    });
  }

  /** Removes a consumer group and ends the links of its readers. @throws {AdminError} 404, 409 for the default group */
  removeGroup(name: string, group: string): Promise<void> {
    return this.#inTurn(async () => {
      const hub = this.find(name);
      if (sameName(group, DEFAULT_GROUP)) throw new AdminError(409, `${DEFAULT_GROUP} cannot be removed`);
      if (!hub.hasGroup(group.toLowerCase())) throw notFound(`${hub.name}|${group}`);
      this.#broker.removeGroup(hub, group);
      const path = `${hub.name}/consumergroups/${group}/`.toLowerCase();
      this.#detach((entity) => entity.startsWith(path), removed(`${hub.name}|${group}`));
      this.#logger.info({ hub: hub.name, group }, 'consumer group removed');
    });
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#before.then(change);
    this.#before = result.catch(() => undefined);
    return result;
  }
}
