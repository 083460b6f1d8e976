import { type Static, Type } from 'typebox';

/** How the events of a hub are archived: Event Hubs Capture, to any blob endpoint. */
export const CaptureConfig = Type.Object(
  {
    storage: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'connection string of a storage account, or its address with a shared access signature',
      }),
    ),
    container: Type.String({
      pattern: '^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,62}$',
      description: 'made when it is not there',
    }),
    enabled: Type.Optional(Type.Boolean({ default: true })),
    windowSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 900,
        default: 300,
        description: 'a file is closed after so long; Azure takes 60 to 900',
      }),
    ),
    sizeBytes: Type.Optional(
      Type.Integer({
        minimum: 1024,
        maximum: 524_288_000,
        default: 314_572_800,
        description: 'or when it has grown to this; Azure takes 10,485,760 to 524,288,000',
      }),
    ),
    nameFormat: Type.Optional(
      Type.String({ description: 'name of a file, with all nine tokens of Azure; ".avro" is added' }),
    ),
    namespace: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9-]{1,50}$',
        default: 'local',
        description: 'what stands for {Namespace} in the names',
      }),
    ),
    skipEmpty: Type.Optional(
      Type.Boolean({ default: false, description: 'write no file for a window without events' }),
    ),
  },
  { additionalProperties: false },
);
export type CaptureConfig = Static<typeof CaptureConfig>;
