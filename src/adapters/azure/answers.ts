import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { OmsError } from '../../errors.ts';

const Text = Type.String();
const Count = Type.Integer({ minimum: 0 });
const Maybe = <S extends TSchema>(schema: S) => Type.Optional(Type.Union([schema, Type.Undefined(), Type.Null()]));

/*
 * What is read of Azure's answers, as the SDKs hand them over. What Azure leaves out where it is off or unset may be
 * missing; what every such resource has may not.
 */

export const NamespaceAnswer = Type.Object({
  id: Text,
  location: Text,
  sku: Type.Object({ name: Text, capacity: Maybe(Count) }),
  provisioningState: Maybe(Text),
  status: Maybe(Text),
  serviceBusEndpoint: Text,
  isAutoInflateEnabled: Maybe(Type.Boolean()),
  maximumThroughputUnits: Maybe(Count),
  disableLocalAuth: Maybe(Type.Boolean()),
  minimumTlsVersion: Maybe(Text),
  publicNetworkAccess: Maybe(Text),
  zoneRedundant: Maybe(Type.Boolean()),
});

export const NetworkRulesAnswer = Type.Object({
  defaultAction: Maybe(Text),
  trustedServiceAccessEnabled: Maybe(Type.Boolean()),
  ipRules: Maybe(Type.Array(Type.Object({ ipMask: Maybe(Text) }))),
});

export const HubAnswer = Type.Object({
  name: Text,
  partitionCount: Count,
  status: Maybe(Text),
  messageRetentionInDays: Maybe(Count),
  retentionDescription: Maybe(Type.Object({ retentionTimeInHours: Maybe(Count) })),
  captureDescription: Maybe(
    Type.Object({
      enabled: Maybe(Type.Boolean()),
      encoding: Maybe(Text),
      intervalInSeconds: Maybe(Count),
      destination: Maybe(
        Type.Object({
          storageAccountResourceId: Maybe(Text),
          blobContainer: Maybe(Text),
          archiveNameFormat: Maybe(Text),
          identity: Maybe(Type.Object({ userAssignedIdentity: Maybe(Text) })),
        }),
      ),
    }),
  ),
});

export const NamedAnswer = Type.Object({ name: Text });

export const RecoveryAnswer = Type.Object({
  name: Text,
  role: Maybe(Text),
  provisioningState: Maybe(Text),
  partnerNamespace: Maybe(Text),
});

export const NameAnswer = Type.Object({ nameAvailable: Type.Boolean(), reason: Maybe(Text), message: Maybe(Text) });

export const AccountAnswer = Type.Object({
  id: Text,
  sku: Type.Object({ name: Text }),
  primaryEndpoints: Type.Object({ blob: Text }),
  allowSharedKeyAccess: Maybe(Type.Boolean()),
  allowBlobPublicAccess: Maybe(Type.Boolean()),
  minimumTlsVersion: Maybe(Text),
  networkRuleSet: Maybe(Type.Object({ defaultAction: Maybe(Text), bypass: Maybe(Text) })),
});

export const PolicyAnswer = Type.Object({
  state: Maybe(Text),
  immutabilityPeriodSinceCreationInDays: Maybe(Count),
  etag: Maybe(Text),
});

const Actions = Maybe(Type.Record(Text, Type.Unknown()));

export const LifecycleAnswer = Type.Object({
  policy: Maybe(
    Type.Object({
      rules: Type.Array(
        Type.Object({
          name: Text,
          enabled: Maybe(Type.Boolean()),
          definition: Type.Object({
            actions: Type.Object({ baseBlob: Actions, snapshot: Actions, version: Actions }),
          }),
        }),
      ),
    }),
  ),
});

/**
 * Checks an answer.
 * @param what such as "namespace evhns-demo"
 * @throws {OmsError} azure_failed naming the field
 */
export function checkAnswer<S extends TSchema>(schema: S, answer: unknown, what: string): Static<S> {
  const validator = Compile(schema);
  if (validator.Check(answer)) return answer;
  const [problem] = validator.Errors(answer);
  throw new OmsError('azure_failed', `Azure's answer about ${what} is not understood`, {
    why: problem ? `${problem.instancePath || '/'} ${problem.message}` : 'it does not fit its schema',
    next: ['see whether there is a newer version of oms'],
  });
}
