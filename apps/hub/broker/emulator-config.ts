import { type Static, Type } from 'typebox';
import { type HubConfig, HubName } from './hub-config.ts';

/** The emulator takes the number of partitions as a number and as text. */
const PartitionCount = Type.Union([
  Type.Integer({ minimum: 1, maximum: 1024 }),
  Type.String({ pattern: '^[1-9][0-9]{0,2}$' }),
]);

const Entity = Type.Object({
  Name: HubName,
  PartitionCount,
  ConsumerGroups: Type.Optional(Type.Union([Type.Array(Type.Object({ Name: Type.String() })), Type.Null()])),
});

/**
 * The Config.json of the official emulator (Azure/azure-event-hubs-emulator-installer, its Config-schema.json). Its limits
 * of one namespace, ten hubs and 32 partitions are not kept: they are of the emulator. What it says of logging has no
 * meaning here.
 */
export const EmulatorFile = Type.Object({
  UserConfig: Type.Object({
    NamespaceConfig: Type.Array(
      Type.Object({ Type: Type.Optional(Type.String()), Entities: Type.Array(Entity, { minItems: 1 }) }),
      { minItems: 1 },
    ),
  }),
});

/** The hubs of all its namespaces. */
export const hubsOfEmulator = ({ UserConfig }: Static<typeof EmulatorFile>): HubConfig[] =>
  UserConfig.NamespaceConfig.flatMap(({ Entities }) => Entities).map((entity) => ({
    name: entity.Name,
    partitions: Number(entity.PartitionCount),
    consumerGroups: (entity.ConsumerGroups ?? []).map(({ Name }) => Name),
  }));
