import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Resource } from '../standins/arm/state.ts';
import type { TerraformAnswers } from './fake-terraform.ts';

const FOLDER = join(import.meta.dirname, '..', 'fixtures', 'terraform-recorded');

/** Of the service principal that the recorded environment lets in. */
const PRINCIPAL = '77777777-7777-4777-8777-777777777777';

/** What was recorded with; a test calls with the same. */
export const RECORDED_FLAGS = [
  ...['--env', 'demo', '--rate', '5000', '--event-bytes', '1024', '--region', 'westeurope'],
  ...['--capture-interval', '60s', '--allow-ip', '203.0.113.0/24', '--principal', PRINCIPAL],
];

/** Resources that the recorded plan makes. */
export const RECORDED_RESOURCES = 57;

/** A recording of a real Terraform that makes an environment, and what Azure's stand-in held afterwards. */
export interface RecordedTerraform {
  answers: Required<Pick<TerraformAnswers, 'plan' | 'show' | 'apply' | 'output'>>;
  resources: Record<string, Resource>;
}

/** @param blobs address of the blob service with a slash at the end; of Azure when nobody asks it. */
export function recordedTerraform(blobs = 'https://omsarcdemo.blob.core.windows.net/'): RecordedTerraform {
  const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8').replaceAll('{blobs}', blobs);
  return {
    answers: {
      plan: { stdout: read('plan.jsonl'), exitCode: 2 },
      show: { stdout: read('plan.json') },
      apply: { stdout: read('apply.jsonl') },
      output: { stdout: read('outputs.json') },
    },
    resources: JSON.parse(read('arm.json')),
  };
}
