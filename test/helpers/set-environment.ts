import type { TestContext } from 'node:test';

/** Variables that this process and what it starts see, until the test ends. */
export function setEnvironment(t: Pick<TestContext, 'after'>, variables: Readonly<Record<string, string>>): void {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  Object.assign(process.env, variables);
  t.after(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
}
