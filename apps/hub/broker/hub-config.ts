import { type Static, Type } from 'typebox';
import { CaptureConfig } from '../capture/capture-config.ts';
import { RetentionConfig } from '../storage/retention.ts';

export const HubName = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$' });
export const GroupName = Type.String({ pattern: '^[A-Za-z0-9$][A-Za-z0-9._-]{0,49}$' });

/** What somebody asks of a hub. */
export const HubConfig = Type.Object(
  {
    name: HubName,
    partitions: Type.Integer({ minimum: 1, maximum: 1024 }),
    consumerGroups: Type.Optional(Type.Array(GroupName)),
    retention: Type.Optional(RetentionConfig),
    capture: Type.Optional(CaptureConfig),
  },
  { additionalProperties: false },
);
export type HubConfig = Static<typeof HubConfig>;

/** What a hub of the data folder is to be at a start. */
export type WantedHub = HubConfig & {
  /** Only its name and partitions are asked for: retention and Capture stay as they were set while it ran. */
  keepsSettings?: boolean;
};

/** What can be changed of a hub while it has events. */
export type HubSettings = Pick<HubConfig, 'retention' | 'capture'>;

/** A configuration that cannot be used; the message says which file or hub, why, and what to do. */
export class HubConfigError extends Error {
  override readonly name = 'HubConfigError';
}

/** The group every hub has. */
export const DEFAULT_GROUP = '$default';

export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Names do not differ by case; the first spelling stays. */
export const distinct = (names: readonly string[]): string[] =>
  names.filter((name, index) => names.findIndex((other) => sameName(other, name)) === index);
