#!/usr/bin/env node
// The built CLI.
import { ensureSupportedNode, tolerateClosedPipes } from './launch.js';

if (ensureSupportedNode(import.meta.url)) {
  tolerateClosedPipes();
  const nodeModule = await import('node:module');
  nodeModule.enableCompileCache();
  const core = await import('@oclif/core');
  await core.execute({ dir: import.meta.url });
}
