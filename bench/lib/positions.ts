import type { Connection, RowDataPacket } from '../../lib/database/connect.ts';
import { openReaderClient } from '../../lib/streaming/event-hubs.ts';
import { ORDERS_HUB } from '../../lib/streaming/hub-names.ts';
import { readRange } from '../../lib/streaming/read-range.ts';

/** Where the consumer stands, as anybody sees it: committed. */
interface Sight {
  at: number;
  /** Partition to the last sequence number that is stored. */
  positions: Map<string, number>;
}

/** Looks at the consumer's committed positions, and remembers when each was first seen. */
export class Positions {
  readonly #connection: Connection;
  readonly #sights: Sight[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @returns how many events of the hub are committed */
  async look(): Promise<number> {
    const [rows] = await this.#connection.query<RowDataPacket[]>(
      'SELECT partition_id, sequence_number FROM consumer_checkpoints',
    );
    const positions = new Map(rows.map((row) => [String(row.partition_id), Number(row.sequence_number)]));
    this.#sights.push({ at: Date.now(), positions });
    return [...positions.values()].reduce((sum, sequence) => sum + sequence + 1, 0);
  }

  /**
   * From the moment that the hub took an event to the moment that its effects were seen in the database, in ms.
   * @param before positions that were reached before it is measured
   */
  async waits(connectionString: string, before: Sight['positions']): Promise<number[]> {
    const client = await openReaderClient({ connectionString }, ORDERS_HUB);
    const waits: number[] = [];
    for (const [partitionId, to] of this.#sights.at(-1)!.positions) {
      const from = before.get(partitionId)! + 1;
      if (to < from) continue;
      let sight = 0;
      const onEvents = async (events: readonly { sequenceNumber: number; enqueuedTimeUtc: Date }[]) => {
        for (const { sequenceNumber, enqueuedTimeUtc } of events) {
          while (this.#sights[sight]!.positions.get(partitionId)! < sequenceNumber) sight++;
          waits.push(this.#sights[sight]!.at - enqueuedTimeUtc.getTime());
        }
      };
      await readRange(client, { partitionId, from, to }, onEvents, new AbortController().signal);
    }
    await client.close();
    return waits.sort((a, b) => a - b);
  }

  get last(): Sight['positions'] {
    return this.#sights.at(-1)!.positions;
  }
}
