import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { OmsError } from '../../../errors.ts';

const Text = Type.String({ minLength: 1 });
const Texts = Type.Array(Text);
const Bytes = Type.Integer({ minimum: 0 });
const OrNull = <S extends Parameters<typeof Type.Union>[0][number]>(schema: S) => Type.Union([schema, Type.Null()]);

const Disk = Type.Object({
  /** Name of the file system: the same for folders that share their room. */
  device: Text,
  freeBytes: Bytes,
  /** Files that can still be made; null where the file system does not count them. */
  freeInodes: OrNull(Bytes),
});

/** What a server says of itself: the answer of templates/server/survey.sh. Null: it could not tell. */
export const HostFacts = Type.Object({
  user: Text,
  /** "already", "sudo", "no-sudo", or what sudo said. */
  root: Text,
  os: OrNull(Type.Object({ id: Text, version: Text, name: Text })),
  architecture: Text,
  kernel: Text,
  machineId: OrNull(Text),
  disks: Type.Object({ home: OrNull(Disk), docker: OrNull(Disk) }),
  memoryBytes: OrNull(Bytes),
  /** By how much its clock is ahead of this machine's, at least; ms. */
  skewMs: Type.Number(),
  /** Whether something keeps its clock right. */
  synchronized: OrNull(Type.Boolean()),
  /** Who has the ports that were asked for; free ones are not in it. */
  ports: Type.Array(
    Type.Object({ port: Bytes, holder: Type.Enum(['container', 'program']), name: Text, project: OrNull(Text) }),
  ),
  docker: Type.Object({
    /** What `docker --version` prints; null without one. */
    client: OrNull(Text),
    server: OrNull(Text),
    /** Why the server did not answer. */
    error: OrNull(Text),
    rootFolder: OrNull(Text),
    compose: OrNull(Text),
    /** Packages that are not installed as a whole. */
    broken: Texts,
    /** Project folders of containers that have our project's name. */
    projectFolders: Texts,
  }),
  cgroup: OrNull(Type.Enum(['1', '2'])),
  controllers: Texts,
  overlay: Type.Boolean(),
  python: OrNull(Text),
  lock: Type.Object({ held: Type.Boolean(), holder: OrNull(Text) }),
  /** state.json and deploying.json as they are. */
  state: OrNull(Text),
  deploying: OrNull(Text),
});
export type HostFacts = Static<typeof HostFacts>;

const validator = Compile(HostFacts);

/** When the question left this machine and when the answer was there; ms since 1970. */
export interface AskedAt {
  sent: number;
  received: number;
}

/** Values by key, in their order. */
function readLines(text: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const at = line.indexOf('\t');
    if (at <= 0) continue;
    const key = line.slice(0, at);
    values.set(key, [...(values.get(key) ?? []), line.slice(at + 1).trim()]);
  }
  return values;
}

/**
 * The least by which two clocks can differ. What was on the way in between is not known: the server's clock may have
 * been ahead by anything between its end minus our end and its beginning minus our beginning.
 */
export function skewOf(server: { start: number; end: number }, { sent, received }: AskedAt): number {
  const [least, most] = [server.end - received, server.start - sent];
  if (least <= 0 && most >= 0) return 0;
  return least > 0 ? least : most;
}

function readDisk(value: string | undefined) {
  const [device = '', kilobytes = '', inodes = ''] = (value ?? '').split(' ');
  if (!/^\d+$/.test(kilobytes)) return null;
  return {
    device,
    freeBytes: Number(kilobytes) * 1_024,
    freeInodes: /^[1-9]\d*$/.test(inodes) ? Number(inodes) : null,
  };
}

function readPort(value: string) {
  const [port = '', holder = '', ...words] = value.split(' ');
  const [name = '', project = ''] = words.join(' ').split(' of ');
  return { port: Number(port), holder, name: name || 'unknown', project: project || null };
}

const decode = (value: string | undefined) => (value ? Buffer.from(value, 'base64').toString('utf8') || null : null);

function interpret(text: string, asked: AskedAt): unknown {
  const values = readLines(text);
  const all = (key: string) => (values.get(key) ?? []).filter(Boolean);
  const one = (key: string) => all(key)[0];
  const orNull = (key: string) => one(key) ?? null;
  const seconds = (key: string) => Number(one(key)) * 1_000;
  const id = one('os-id');
  const memory = one('memory-total');
  const synchronized = one('clock-synchronized');
  return {
    user: one('user'),
    root: one('root'),
    os: id ? { id, version: one('os-version') ?? 'unknown', name: one('os-name') ?? id } : null,
    architecture: one('architecture'),
    kernel: one('kernel'),
    machineId: orNull('machine-id'),
    disks: { home: readDisk(one('disk-home')), docker: readDisk(one('disk-docker')) },
    memoryBytes: memory ? Number(memory) * 1_024 : null,
    skewMs: skewOf({ start: seconds('clock-start'), end: seconds('clock-end') }, asked),
    synchronized: synchronized ? synchronized === 'yes' : null,
    ports: all('port').map(readPort),
    docker: {
      client: orNull('docker-client'),
      server: orNull('docker-server'),
      error: orNull('docker-error'),
      rootFolder: one('docker-info')?.split(' ')[2] ?? null,
      compose: orNull('compose'),
      broken: all('package-broken'),
      projectFolders: all('project-folder'),
    },
    cgroup: orNull('cgroup'),
    controllers: all('controller'),
    overlay: one('overlay') === 'yes',
    python: orNull('python'),
    lock: { held: one('lock') === 'yes', holder: decode(one('lock-holder')) },
    state: decode(one('state')),
    deploying: decode(one('deploying')),
  };
}

/**
 * What the survey of a server has printed, as facts.
 * @throws {OmsError} host_unreachable when it is not a whole answer.
 */
export function parseSurvey(host: string, text: string, asked: AskedAt): HostFacts {
  const facts = interpret(text, asked);
  if (validator.Check(facts)) return facts;
  const [problem] = validator.Errors(facts);
  throw new OmsError('host_unreachable', `what ${host} says of itself is not understood`, {
    why: `${problem?.instancePath.slice(1) || 'the answer'} ${problem?.message ?? 'is wrong'}`,
    next: ['log in and see what the shell prints: nothing may come before the answer of a command'],
    original: text.slice(0, 500),
  });
}
