import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { EVENT_TYPES } from '../../lib/domain/event-types.ts';
import { publishedDocuments } from '../../scripts/schemas/documents.ts';
import { placedEvent } from '../helpers/orders.ts';

const folder = join(import.meta.dirname, '..', '..', 'schemas');
const documents = await publishedDocuments();
const parsed = (name: string) => JSON.parse(documents.get(name)!);

suite('the published documents', () => {
  test('schemas/ is what the code gives; "npm run schemas" writes it', () => {
    const committed = readdirSync(folder).sort();
    assert.deepEqual(committed, [...documents.keys()].sort());
    for (const name of committed) assert.equal(readFileSync(join(folder, name), 'utf8'), documents.get(name), name);
  });

  test('asyncapi.json is AsyncAPI 3.0, and its references lead somewhere', () => {
    const schema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0.json');
    // It brings the meta-schema that it is written in.
    const ajv = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false });
    const validate = ajv.compile(schema);
    assert.ok(validate(parsed('asyncapi.json')), JSON.stringify(validate.errors?.slice(0, 3)));
    const files = [...documents.get('asyncapi.json')!.matchAll(/"\.\/([^#"]+)#/g)].map((match) => match[1]!);
    assert.deepEqual(
      files.sort(),
      Object.keys(EVENT_TYPES)
        .map((type) => `${type}.json`)
        .sort(),
    );
  });

  test('openapi.json is OpenAPI 3.1', async () => {
    const result = await new Validator().validate(parsed('openapi.json'));
    assert.ok(result.valid, JSON.stringify(result.errors));
    assert.equal(parsed('openapi.json').openapi, '3.1.0');
  });

  test('every schema is JSON Schema 2020-12, and tells an event of its type from another', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const schemas = [...documents.keys()].filter((name) => !/^(?:asyncapi|openapi)\.json$/.test(name));
    for (const name of schemas) ajv.addSchema(parsed(name));
    const event = placedEvent({ key: 'k' });
    for (const type of Object.keys(EVENT_TYPES)) {
      const validate = ajv.getSchema(`/schemas/${type}.json#/$defs/event`);
      assert.equal(validate!(event), type === event.type, type);
    }
    assert.equal(ajv.getSchema(event.dataschema!)!(event.data), true);
  });
});
