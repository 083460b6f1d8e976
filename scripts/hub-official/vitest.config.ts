import { fileURLToPath } from 'node:url';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The suite's own settings, without what only its repository has: type checks, coverage, a mock server. */
export default {
  resolve: {
    alias: {
      '@azure-tools/test-credential': here('./credential.ts'),
      '@azure-tools/test-recorder': here('./recorder.ts'),
      '@azure-tools/test-utils-vitest': here('./sdk/test-utils/test-utils-vitest/src/index.ts'),
    },
  },
  test: {
    include: ['sdk/eventhub/event-hubs/test/{internal,public}/**/*.spec.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    fileParallelism: false,
    globalSetup: [here('./setup.ts')],
    reporters: ['verbose', 'json'],
    outputFile: { json: here('./results.json') },
    fakeTimers: {
      toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval', 'Date'],
    },
  },
};
