import type { Logger } from '../../../lib/runtime/logger.ts';
import { AmqpError, Condition } from '../amqp/errors.ts';
import type { Broker } from '../broker/broker.ts';
import type { Hub } from '../broker/hub.ts';
import { DEFAULT_GROUP, type HubConfig, HubConfigError, sameName } from '../broker/hub-config.ts';

/** A change that cannot be made, with the HTTP status that says so. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** Ends the links to entities that are gone. */
export type DetachLinks = (gone: (entity: string) => boolean, error: AmqpError) => void;

const notFound = (what: string): AdminError =>
  new AdminError(404, `The messaging entity '${what}' could not be found.`);

const removed = (what: string): AmqpError =>
  new AmqpError(Condition.notFound, `The messaging entity '${what}' could not be found. It was removed.`);

/** Makes, changes and removes hubs while they are used; one change after the other. */
export class HubAdmin {
  readonly #broker: Broker;
  readonly #detach: DetachLinks;
  readonly #logger: Logger;
  #before: Promise<unknown> = Promise.resolve();

  constructor(broker: Broker, detach: DetachLinks, logger: Logger) {
    this.#broker = broker;
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
   * Makes a hub, or adds to the one of that name.
   * @throws {AdminError} 409 when it is there with another number of partitions
   */
  put(config: HubConfig): Promise<{ hub: Hub; created: boolean }> {
    return this.#inTurn(async () => {
      const created = this.#broker.hub(config.name) === undefined;
      const hub = this.#put(config);
      const { name, partitions, consumerGroups } = hub;
      this.#logger.info(
        { hub: name, partitions: partitions.length, consumerGroups },
        created ? 'hub created' : 'hub changed',
      );
      return { hub, created };
    });
  }

  #put(config: HubConfig): Hub {
    try {
      return this.#broker.put(config);
    } catch (error) {
      if (error instanceof HubConfigError) throw new AdminError(409, error.message);
      throw error;
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
