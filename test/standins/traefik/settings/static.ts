import { type Static, Type } from 'typebox';
import { Duration, Maybe, Named, Strict, Text, Texts } from './shape.ts';

const EntryPoint = Strict({
  address: Type.String({ pattern: '^[^:]*:[0-9]+$' }),
  asDefault: Maybe(Type.Boolean()),
  forwardedHeaders: Maybe(Strict({ insecure: Maybe(Type.Literal(false)), trustedIPs: Maybe(Type.Array(Text)) })),
  http: Maybe(
    Strict({
      maxHeaderBytes: Maybe(Type.Integer()),
      redirections: Maybe(
        Strict({
          entryPoint: Strict({
            to: Type.String({ pattern: '^:[0-9]+$' }),
            scheme: Type.Literal('https'),
            permanent: Type.Boolean(),
          }),
        }),
      ),
      tls: Maybe(
        Strict({
          certResolver: Maybe(Text),
          domains: Maybe(Type.Array(Strict({ main: Text, sans: Maybe(Texts) }))),
        }),
      ),
    }),
  ),
  http2: Maybe(Strict({ maxConcurrentStreams: Type.Integer() })),
  transport: Maybe(
    Strict({
      lifeCycle: Maybe(Strict({ requestAcceptGraceTimeout: Maybe(Duration), graceTimeOut: Maybe(Duration) })),
      respondingTimeouts: Maybe(
        Strict({ readTimeout: Maybe(Duration), writeTimeout: Maybe(Duration), idleTimeout: Maybe(Duration) }),
      ),
    }),
  ),
});
export type EntryPoint = Static<typeof EntryPoint>;

const Mode = Type.Enum(['keep', 'drop', 'redact']);

const AccessLog = Strict({
  format: Type.Literal('json'),
  filePath: Maybe(Text),
  fields: Maybe(
    Strict({
      defaultMode: Maybe(Type.Literal('keep')),
      names: Maybe(Named(Mode)),
      headers: Maybe(Strict({ defaultMode: Maybe(Type.Literal('drop')), names: Maybe(Named(Mode)) })),
    }),
  ),
});
export type AccessLog = Static<typeof AccessLog>;

/** The install configuration as far as this stand-in does what it says. */
export const StaticSettings = Strict({
  global: Maybe(Strict({ checkNewVersion: Type.Boolean(), sendAnonymousUsage: Type.Boolean() })),
  entryPoints: Named(EntryPoint),
  certificatesResolvers: Maybe(
    Named(
      Strict({
        acme: Strict({
          email: Text,
          storage: Text,
          keyType: Maybe(Text),
          caServer: Maybe(Text),
          tlsChallenge: Strict({}),
        }),
      }),
    ),
  ),
  providers: Strict({ file: Strict({ directory: Text, watch: Maybe(Type.Boolean()) }) }),
  serversTransport: Maybe(
    Strict({
      maxIdleConnsPerHost: Maybe(Type.Integer()),
      forwardingTimeouts: Maybe(
        Strict({
          dialTimeout: Maybe(Duration),
          responseHeaderTimeout: Maybe(Duration),
          idleConnTimeout: Maybe(Duration),
        }),
      ),
    }),
  ),
  ping: Maybe(Strict({ entryPoint: Text, terminatingStatusCode: Maybe(Type.Integer()) })),
  metrics: Maybe(
    Strict({
      prometheus: Strict({
        entryPoint: Text,
        addEntryPointsLabels: Maybe(Type.Boolean()),
        addRoutersLabels: Maybe(Type.Literal(false)),
        addServicesLabels: Maybe(Type.Boolean()),
        buckets: Maybe(Type.Array(Type.Number())),
      }),
    }),
  ),
  log: Maybe(Strict({ level: Maybe(Text), format: Maybe(Type.Literal('json')) })),
  accessLog: Maybe(AccessLog),
});
export type StaticSettings = Static<typeof StaticSettings>;
