import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { CONTAINER_RULES } from '../../../helpers/compose-container-rules.ts';
import { type ComposeRule, parseCompose, readComposeFiles } from '../../../helpers/compose-template.ts';
import { WIRING_RULES } from '../../../helpers/compose-wiring-rules.ts';
import { DOCKERFILE_RULES } from '../../../helpers/dockerfile-rules.ts';
import { CONTAINER_MISTAKES } from './mistakes-containers.ts';
import { WIRING_MISTAKES } from './mistakes-wiring.ts';

const RULES: Readonly<Record<string, ComposeRule>> = { ...CONTAINER_RULES, ...WIRING_RULES, ...DOCKERFILE_RULES };
const files = readComposeFiles();

suite('the containers of a site', () => {
  const compose = parseCompose(files);
  for (const [name, rule] of Object.entries(RULES)) {
    test(`keep the rule ${name}`, () => assert.deepEqual(rule(compose), []));
  }
});

suite('a mistake in the containers is found:', () => {
  const guilty = new Set<string>();
  const accuse = (broken: Record<string, string>, finding: string) => {
    const compose = parseCompose(broken);
    const findings = Object.entries(RULES).map(([name, rule]) => [name, rule(compose)] as const);
    const finders = findings.filter(([, found]) => found.includes(finding)).map(([name]) => name);
    assert.ok(finders.length > 0, `found only ${JSON.stringify(findings.flatMap(([, found]) => found))}`);
    for (const name of finders) guilty.add(name);
  };

  for (const { what, file, from, to, finding } of [...CONTAINER_MISTAKES, ...WIRING_MISTAKES]) {
    test(what, () => {
      const text = files[file] ?? '';
      assert.ok(text.includes(from), `${file} has no ${JSON.stringify(from)}`);
      accuse({ ...files, [file]: text.replace(from, () => to) }, finding);
    });
  }

  test('an image without a recipe', () => {
    const { 'images/web/Dockerfile': _, ...rest } = files;
    accuse(rest, 'images/web: is missing');
  });

  test('every rule has one', () => assert.deepEqual([...guilty].sort(), Object.keys(RULES).sort()));
});
