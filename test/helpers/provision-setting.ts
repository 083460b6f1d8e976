import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createEngine } from '../../src/adapters/terraform/create-engine.ts';
import type { Context } from '../../src/context.ts';
import { environmentPaths } from '../../src/stages/provision/environment.ts';
import { fakeTerraform, type TerraformAnswers } from './fake-terraform.ts';
import { quietContext } from './quiet-context.ts';
import { tempFolder } from './temp-folder.ts';

/** An environment "demo" in a folder of the test's own, with a fake Terraform; what is noted is collected. */
export function provisionSetting(t: TestContext, answers: TerraformAnswers = {}) {
  const dir = join(tempFolder(t), '.oms');
  const terraform = fakeTerraform(t, answers);
  const abort = new AbortController();
  const quiet = quietContext(join(dir, 'local'), abort.signal);
  const notes: string[] = [];
  const context: Context = {
    ...quiet,
    settings: { ...quiet.settings, dir },
    terminal: { ...quiet.terminal, note: (text) => notes.push(text), style: (_, text) => text },
    terraform: createEngine({ program: terraform.program, debug: false }),
    now: () => new Date('2026-11-21T10:15:00Z'),
  };
  return { paths: environmentPaths(dir, 'demo'), terraform, abort, notes, context };
}
