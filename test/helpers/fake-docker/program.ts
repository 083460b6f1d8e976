// A `docker` without containers: it remembers which would run, and writes down what it was asked for.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Container {
  service: string;
  hash: string;
  state: string;
  status: string;
  /** What it goes through from one look to the next; the last one stays. */
  looks?: Look[];
}

export interface Look {
  state?: string;
  health?: string;
  restarts?: number;
  exitCode?: number;
}

interface State {
  containers: Container[];
  images: string[];
}

const folder = process.env.FAKE_DOCKER!;
const stateFile = join(folder, 'state.json');
const argv = process.argv.slice(2);
const state: State = existsSync(stateFile)
  ? JSON.parse(readFileSync(stateFile, 'utf8'))
  : { containers: [], images: [] };
const lines = (name: string) =>
  existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean) : [];

const note = (text: string) => appendFileSync(join(folder, 'calls'), `${text}\n`);

function end(code = 0, stdout = '', stderr = ''): never {
  writeFileSync(stateFile, JSON.stringify(state));
  if (stdout) process.stdout.write(`${stdout}\n`);
  if (stderr) process.stderr.write(`${stderr}\n`);
  process.exit(code);
}

const flagOf = (name: string) => argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const valueAfter = (name: string) => argv[argv.indexOf(name) + 1];

/** What stands behind the subcommand of Compose without its flags. */
function wordsAfter(command: string): string[] {
  const rest = argv.slice(argv.indexOf(command) + 1);
  return rest.filter((word) => !word.startsWith('--'));
}

function up(): never {
  const release = dirname(flagOf('file')!);
  const { services } = JSON.parse(readFileSync(join(release, 'release.json'), 'utf8'));
  const wanted = wordsAfter('up');
  const scales = new Map(
    argv.filter((word) => word.startsWith('--scale=')).map((word) => word.slice(8).split('=') as [string, string]),
  );
  note(`up ${wanted.map((name) => (scales.has(name) ? `${name}*${scales.get(name)}` : name)).join(' ')}`);
  const refused = lines('refused');
  if (refused.length > 0) end(1, '', refused.join('\n'));
  const behaviour: Record<string, Look[]> = JSON.parse(lines('behaviour').join('') || '{}');
  for (const service of wanted) {
    state.containers = state.containers.filter((container) => container.service !== service);
    const broken = lines('unhealthy').includes(`${service} ${services[service]}`);
    for (let n = 1; n <= Number(scales.get(service) ?? 1); n++) {
      const status = `Up 1 second (${broken ? 'unhealthy' : 'healthy'})`;
      const looks = behaviour[`${service}-${n}`];
      state.containers.push({ service, hash: services[service], state: 'running', status, ...(looks && { looks }) });
    }
  }
  end();
}

function compose(): never {
  const command = ['up', 'exec', 'rm', 'run', 'stop', 'start', 'down'].find((word) => argv.includes(word));
  if (command === 'up') return up();
  const words = wordsAfter(command!);
  note(`${command} ${words.join(' ')}`.trim());
  if (command === 'rm') state.containers = state.containers.filter(({ service }) => !words.includes(service));
  if (command === 'down') {
    const [gone] = [state.containers.length];
    state.containers = [];
    end(0, '', gone ? 'Container Removed' : '');
  }
  if (command === 'run') end(0, `{"changed":${lines('migrations').includes(words.at(-1)!)}}`);
  end();
}

function ps(): never {
  if (argv.includes('--quiet')) {
    const service = argv.map((word) => /compose\.service=(.+)$/.exec(word)?.[1]).find(Boolean);
    end(0, state.containers.flatMap((container, n) => (container.service === service ? [`c${n}`] : [])).join('\n'));
  }
  const identities = valueAfter('--format')!.startsWith('{{.ID}}');
  const rows = state.containers.map(({ service, hash, state, status }, n) =>
    (identities ? [`c${n}`, service] : [service, hash, state, status]).join('\t'),
  );
  end(0, rows.join('\n'));
}

/** The name Compose gives it: the how manieth of its service it is. */
function nameOf(container: Container): string {
  const own = state.containers.filter(({ service }) => service === container.service);
  return `oms-${container.service}-${own.indexOf(container) + 1}`;
}

const containerOf = (identity: string) => state.containers[Number(identity.slice(1))];

/** Id, name, state, health, restarts and exit code, as oms_up.py asks for them. */
function inspect(): never {
  const rows = argv
    .filter((word) => /^c\d+$/.test(word))
    .map((identity) => {
      const container = containerOf(identity)!;
      const [look = {}] = container.looks ?? [];
      if (container.looks && container.looks.length > 1) container.looks.shift();
      const health = look.health ?? (container.status.includes('unhealthy') ? 'unhealthy' : 'healthy');
      const state = look.state ?? container.state;
      return [identity, `/${nameOf(container)}`, state, health, look.restarts ?? 0, look.exitCode ?? 0].join('\t');
    });
  return end(0, rows.join('\n'));
}

function image(): never {
  if (argv[1] === 'ls') end(0, state.images.join('\n'));
  note(argv.join(' '));
  state.images = state.images.filter((name) => name !== argv[2]);
  return end();
}

if (argv[0] === 'compose') compose();
if (argv[0] === 'ps') ps();
if (argv[0] === 'inspect') inspect();
if (argv[0] === 'events') end(0, lines('exit-codes').join('\n'));
if (argv[0] === 'logs')
  end(
    0,
    lines('logs')
      .slice(-Number(flagOf('tail')))
      .join('\n'),
    'on standard error',
  );
if (argv[0] === 'image') image();
if (argv[0] === 'exec') {
  note(`reads? ${containerOf(argv[1]!)!.service}`);
  end(lines('not-reading').length > 0 ? 1 : 0);
}
if (argv[0] === 'build' || argv[0] === 'pull') {
  const reference = argv[0] === 'build' ? valueAfter('--tag')! : argv.at(-1)!;
  note(`${argv[0]} ${reference}`);
  state.images.push(reference);
  end();
}
note(argv.join(' '));
if (argv[0] === 'rm') state.containers = state.containers.filter((_, n) => !argv.includes(`c${n}`));
end();
