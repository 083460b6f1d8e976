/**
 * Makes test/fixtures/azurerm/schema.json, the schema the Terraform stand-in speaks:
 * types and nesting from npm's @cdktn/provider-azurerm (made from azurerm 4.73.0), brought to azurerm 5.2.0 with what
 * its documentation says (test/fixtures/azurerm/arguments.json). The package is 267 MB and is fetched only to do this.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlockSchema, ProviderSchema } from '../test/standins/terraform/schema-types.ts';
import { readArguments } from './azurerm-schema/arguments.ts';
import { type OverlayNotes, overlay } from './azurerm-schema/overlay.ts';
import { providerBlock, toFive } from './azurerm-schema/provider-block.ts';
import { schemaOf, typescriptOf } from './azurerm-schema/source.ts';

const PACKAGE = '@cdktn/provider-azurerm@16.1.0';
const FIXTURES = join(import.meta.dirname, '..', 'test', 'fixtures', 'azurerm');
const DATA_SOURCES = ['azurerm_client_config', 'azurerm_subscription', 'azurerm_resource_group'];

/** Unpacks the package into a folder of its own. @returns the folder. */
function unpack(folder: string): string {
  const packed = execFileSync('npm', ['pack', PACKAGE, '--silent'], { cwd: folder, encoding: 'utf8' }).trim();
  execFileSync('tar', ['-xzf', packed], { cwd: folder });
  return join(folder, 'package');
}

function about(packageFolder: string) {
  const { cdktf } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  return {
    what: 'Schema of the azurerm resources the template uses, for the Terraform stand-in; made by scripts/azurerm-schema.ts',
    types: `hashicorp/azurerm ${cdktf?.provider?.version}, through npm ${PACKAGE} (MPL-2.0)`,
    arguments:
      'hashicorp/azurerm 5.2.0, its documentation (MPL-2.0): removed and new arguments, ForceNew, values, defaults',
    unknown: 'ConflictsWith and ExactlyOneOf, ranges, patterns of names, maximum numbers of blocks; sensitive by name',
  };
}

function build(packageFolder: string): { schema: ProviderSchema; notes: OverlayNotes } {
  const documented = readArguments(join(FIXTURES, 'arguments.json'));
  const notes: OverlayNotes = { dropped: [], added: [] };
  const resources: Record<string, BlockSchema> = {};
  for (const [type, documentation] of Object.entries(documented.resources)) {
    resources[type] = schemaOf(packageFolder, type);
    overlay(
      type,
      resources[type],
      documentation,
      (documented.removed_in_5_0[type] ?? []).map((name) => `${type}.${name}`),
      notes,
    );
  }
  const data = Object.fromEntries(DATA_SOURCES.map((type) => [type, schemaOf(packageFolder, `data.${type}`)]));
  return {
    schema: { provider: toFive(providerBlock(typescriptOf(packageFolder, 'provider'))), resources, data },
    notes,
  };
}

const folder = mkdtempSync(join(tmpdir(), 'oms-azurerm-'));
try {
  const packageFolder = unpack(folder);
  const { schema, notes } = build(packageFolder);
  const file = join(FIXTURES, 'schema.json');
  writeFileSync(file, JSON.stringify({ about: about(packageFolder), ...schema }));
  execFileSync('biome', ['format', '--write', file]);
  console.log(`${Object.keys(schema.resources).length} resources`);
  console.log(`dropped since 4.73: ${notes.dropped.join(', ')}`);
  console.log(`added since 4.73: ${notes.added.join(', ')}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
