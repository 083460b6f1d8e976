/**
 * What Event Hubs holds, as data.
 *
 * Sources: MicrosoftDocs/azure-docs, articles/event-hubs (event-hubs-faq.yml, event-hubs-auto-inflate.md,
 * event-hubs-capture-overview.md and includes/ event-hubs-tier-limits.md, event-hubs-common-limits.md,
 * event-hubs-partition-count.md), read in copies of 2022-01 to 2026-02. Prices are not here.
 */

/**
 * A megabyte of these limits is 1,048,576 bytes: the 84 GB that come with a throughput unit are one day of its 1 MB/s
 * only when counted so, and Capture's "10 MB" are 10,485,760 bytes. Should Azure count 1,000,000, the headroom covers it.
 */
export const MB = 1_048_576;
export const GB = 1_024 * MB;

/** One throughput unit of a Standard namespace. Over the way in senders get ServerBusy, over the way out reading slows. */
export const THROUGHPUT_UNIT = {
  eventsIn: 1_000,
  bytesIn: MB,
  eventsOut: 4_096,
  bytesOut: 2 * MB,
  storedBytes: 84 * GB,
} as const;

/**
 * One processing unit of a Premium namespace. Microsoft names no limit, only an example: one unit with a hub of 100
 * partitions carries about 5 to 10 MB/s in and 10 to 20 MB/s out (event-hubs-scalability.md); this is the low end of
 * both. Stored terabyte: Event Hubs pricing page.
 */
export const PROCESSING_UNIT = { bytesIn: 5 * MB, bytesOut: 10 * MB, storedBytes: 1_024 * GB } as const;

/** Room for what a mean rate hides. With it the rule gives the sets Microsoft tested at 1,000, 5,000 and 10,000 events/s. */
export const HEADROOM = { times: 12, outOf: 10 } as const;

/** One partition carries 1 MB/s or 1,000 events/s; the number takes no headroom. */
export const PARTITION = { events: 1_000, bytes: MB } as const;

export const STANDARD = {
  mostUnits: 40,
  partitionChoices: [2, 4, 8, 16, 32],
  consumerGroups: 20,
} as const;

export const PREMIUM = {
  unitChoices: [1, 2, 4, 8, 16],
  partitionChoices: [2, 4, 8, 16, 32, 64, 100],
  partitionsPerUnit: 200,
  consumerGroups: 100,
} as const;

/** Bytes of one publication, on Standard and Premium. */
export const MOST_EVENT_BYTES = MB;

/** A Capture file ends after its interval or at this size, whichever comes first (the service's default). */
export const CAPTURE_FILE_BYTES = 314_572_800;

/** Event Hubs bills a larger event as several. */
export const BILLED_EVENT_BYTES = 65_536;

/** Events of this shop: mean bytes measured over synthetic orders, and how many an order becomes in its life. */
export const ORDER_EVENTS = { perLife: 8, placedBytes: 1_693, statusBytes: 869 } as const;
