import { type Static, Type } from 'typebox';
import { Duration, Maybe, Named, Strict, Text, Texts } from './shape.ts';

const Source = Strict({
  ipStrategy: Maybe(Strict({ depth: Maybe(Type.Literal(0)), ipv6Subnet: Maybe(Type.Integer()) })),
});
export type Source = Static<typeof Source>;

/** A middleware is an object with exactly one of these keys. */
export const MIDDLEWARES = {
  headers: Strict({
    stsSeconds: Maybe(Type.Integer()),
    stsIncludeSubdomains: Maybe(Type.Boolean()),
    contentTypeNosniff: Maybe(Type.Boolean()),
    frameDeny: Maybe(Type.Boolean()),
    referrerPolicy: Maybe(Text),
    permissionsPolicy: Maybe(Text),
    customRequestHeaders: Maybe(Named(Type.String())),
    customResponseHeaders: Maybe(Named(Type.String())),
  }),
  ipAllowList: Strict({ sourceRange: Type.Array(Text) }),
  rateLimit: Strict({
    average: Type.Integer(),
    period: Maybe(Duration),
    burst: Maybe(Type.Integer()),
    sourceCriterion: Maybe(Source),
  }),
  inFlightReq: Strict({ amount: Type.Integer(), sourceCriterion: Maybe(Source) }),
  buffering: Strict({ maxRequestBodyBytes: Type.Integer(), memRequestBodyBytes: Maybe(Type.Integer()) }),
  circuitBreaker: Strict({
    expression: Text,
    checkPeriod: Maybe(Duration),
    fallbackDuration: Maybe(Duration),
    recoveryDuration: Maybe(Duration),
    responseCode: Maybe(Type.Integer()),
  }),
  errors: Strict({
    status: Type.Array(Type.String({ pattern: '^[0-9]{3}(-[0-9]{3})?$' })),
    service: Text,
    query: Text,
  }),
  compress: Strict({ minResponseBodyBytes: Maybe(Type.Integer()), excludedContentTypes: Maybe(Texts) }),
  retry: Strict({ attempts: Type.Integer({ minimum: 1 }), initialInterval: Maybe(Duration) }),
  replacePath: Strict({ path: Text }),
} as const;
export type MiddlewareKind = keyof typeof MIDDLEWARES;
export type MiddlewareSettings<K extends MiddlewareKind> = Static<(typeof MIDDLEWARES)[K]>;

const Middleware = Strict({
  headers: Maybe(MIDDLEWARES.headers),
  ipAllowList: Maybe(MIDDLEWARES.ipAllowList),
  rateLimit: Maybe(MIDDLEWARES.rateLimit),
  inFlightReq: Maybe(MIDDLEWARES.inFlightReq),
  buffering: Maybe(MIDDLEWARES.buffering),
  circuitBreaker: Maybe(MIDDLEWARES.circuitBreaker),
  errors: Maybe(MIDDLEWARES.errors),
  compress: Maybe(MIDDLEWARES.compress),
  retry: Maybe(MIDDLEWARES.retry),
  replacePath: Maybe(MIDDLEWARES.replacePath),
});
export type Middleware = Static<typeof Middleware>;

const HealthCheck = Strict({
  path: Text,
  interval: Maybe(Duration),
  unhealthyInterval: Maybe(Duration),
  timeout: Maybe(Duration),
});
export type HealthCheck = Static<typeof HealthCheck>;

const LoadBalancer = Strict({
  servers: Type.Array(Strict({ url: Type.String({ pattern: '^http://' }), weight: Maybe(Type.Integer()) })),
  healthCheck: Maybe(HealthCheck),
});
export type LoadBalancer = Static<typeof LoadBalancer>;

const Weighted = Strict({
  healthCheck: Maybe(Strict({})),
  services: Type.Array(Strict({ name: Text, weight: Type.Integer({ minimum: 0 }) })),
});
export type Weighted = Static<typeof Weighted>;

const Service = Strict({ loadBalancer: Maybe(LoadBalancer), weighted: Maybe(Weighted) });
export type Service = Static<typeof Service>;

const Router = Strict({
  rule: Text,
  entryPoints: Texts,
  priority: Maybe(Type.Integer()),
  service: Text,
  middlewares: Maybe(Texts),
});
export type Router = Static<typeof Router>;

const KeyPair = Strict({ certFile: Text, keyFile: Text });

/** What the file provider's folder may hold, as far as this stand-in does what it says. */
export const DynamicSettings = Strict({
  http: Maybe(
    Strict({
      routers: Maybe(Named(Router)),
      middlewares: Maybe(Named(Middleware)),
      services: Maybe(Named(Service)),
    }),
  ),
  tls: Maybe(
    Strict({
      options: Maybe(
        Strict({
          default: Strict({
            minVersion: Type.Enum(['VersionTLS12', 'VersionTLS13']),
            sniStrict: Maybe(Type.Literal(false)),
            cipherSuites: Maybe(Texts),
          }),
        }),
      ),
      stores: Maybe(Strict({ default: Strict({ defaultCertificate: KeyPair }) })),
      certificates: Maybe(Type.Array(KeyPair)),
    }),
  ),
});
export type DynamicSettings = Static<typeof DynamicSettings>;
