import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';

const folder = join(import.meta.dirname, '..', '..', '..', 'templates', 'server');

suite('scripts for servers', () => {
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), 'utf8');

    test(`${name} is POSIX shell`, () => {
      execFileSync('sh', ['-n', join(folder, name)]);
      assert.match(text, /^#!\/bin\/sh\n/);
      assert.doesNotMatch(text, /\[\[|\bfunction \w|\blocal \w|<<</);
    });

    test(`${name} only looks`, () => {
      const changing =
        /(?:^|[\s;|(])(?:rm|mv|cp|mkdir|touch|chmod|chown|tee|install|kill|systemctl|apt-get)\s|[^2&=]>\s*["$/\w]/m;
      const suspicious = text
        .split('\n')
        .filter((line) => !line.startsWith('#') && changing.test(line.replace(/[12]?>\s?\/dev\/null/g, '')));
      assert.deepEqual(suspicious, []);
    });
  }
});
