#!/usr/bin/env node
// The built CLI.
// An old Node has not every name of it, and is told so below rather than failing here.
import * as nodeModule from 'node:module';
import { ensureSupportedNode, keepTokensOutOfDebug, tolerateClosedPipes } from './launch.js';

if (ensureSupportedNode(import.meta.url)) {
  tolerateClosedPipes();
  keepTokensOutOfDebug();
  nodeModule.enableCompileCache();
  // Required, not imported: the names that a CommonJS package exports are otherwise searched in every one of its files.
  const { execute } = nodeModule.createRequire(import.meta.url)('@oclif/core/execute');
  await execute({ dir: import.meta.url });
}
