import type { LocalPorts } from './ports.ts';

/** What the CLI has to know of an app besides how it is started (spec.ts). */
interface LocalApp {
  /** What `oms up` calls it. */
  title: string;
  /** Folder of the program below apps/, where it has another name. */
  program?: string;
  /** Which of its ports answers /readyz. */
  http: keyof LocalPorts;
  /** The port that is shown. */
  shown: keyof LocalPorts;
}

/** The apps of the local stack in the order they start: whatever lists, probes or waits for them reads this. */
export const LOCAL_APPS = {
  hub: { title: 'Event hub', http: 'hubHttp', shown: 'hub' },
  sandbox: { title: 'Sandbox (stand-in for payments and carriers)', http: 'sandboxHttp', shown: 'sandboxHttp' },
  consumer: { title: 'Consumer', http: 'consumerHttp', shown: 'consumerHttp' },
  producer: { title: 'Order API', http: 'producerHttp', shown: 'producerHttp' },
  pages: { title: 'Shop (pages)', program: 'web', http: 'pagesHttp', shown: 'pagesHttp' },
  notifier: { title: 'Notifier', http: 'notifierHttp', shown: 'notifierHttp' },
} as const satisfies Record<string, LocalApp>;
export type LocalAppName = keyof typeof LOCAL_APPS;

export const LOCAL_APP_NAMES = Object.keys(LOCAL_APPS) as LocalAppName[];

/** A value for each app. */
export const forEachApp = <Value>(value: (name: LocalAppName, app: LocalApp) => Value): Record<LocalAppName, Value> =>
  Object.fromEntries(LOCAL_APP_NAMES.map((name) => [name, value(name, LOCAL_APPS[name])])) as Record<
    LocalAppName,
    Value
  >;
