import { type Static, Type } from 'typebox';
import type { Machine } from '../../adapters/machine.ts';
import { OmsError } from '../../errors.ts';

const Port = Type.Integer({ minimum: 1, maximum: 65_535 });

/** Chosen free at the first `oms up` and kept, so that addresses in scripts and browsers stay right. */
export const LocalPorts = Type.Object({
  database: Port,
  blob: Port,
  hub: Port,
  hubHttp: Port,
  sandboxHttp: Port,
  consumerHttp: Port,
  producerHttp: Port,
  notifierHttp: Port,
  pagesHttp: Port,
});
export type LocalPorts = Static<typeof LocalPorts>;

/** The process that listens on each port. */
const PORT_OWNERS: Record<keyof LocalPorts, string> = {
  database: 'database',
  blob: 'blob',
  hub: 'hub',
  hubHttp: 'hub',
  sandboxHttp: 'sandbox',
  consumerHttp: 'consumer',
  producerHttp: 'producer',
  notifierHttp: 'notifier',
  pagesHttp: 'pages',
};

const NAMES = Object.keys(PORT_OWNERS) as (keyof LocalPorts)[];

async function refuseIfTaken(machine: Machine, name: keyof LocalPorts, port: number): Promise<void> {
  if (await machine.isPortFree(port)) return;
  const owner = machine.findPortOwner(port);
  throw new OmsError('port_taken', `port ${port}, which the ${PORT_OWNERS[name]} uses, is taken`, {
    why: owner ? `process ${owner.pid} listens on it: ${owner.command}` : 'another process listens on it',
    next: [owner ? `stop process ${owner.pid}, then oms up` : 'stop that process, then oms up', 'oms up --new-ports'],
  });
}

/** @param avoided ports that are not given again, though they are free. */
async function chooseAll(machine: Machine, kept: Partial<LocalPorts>, avoided: number[]): Promise<LocalPorts> {
  const ports = { ...kept };
  for (const name of NAMES) {
    ports[name] ??= await machine.findFreePort(new Set([...avoided, ...Object.values(ports)]));
  }
  return ports as LocalPorts;
}

/**
 * The ports of the stack: remembered ones, else free ones.
 * @param running names of processes of ours that run now; their ports are taken by themselves.
 * @param choose forget what was remembered for everything that does not run.
 * @throws {OmsError} port_taken when a remembered port is in a stranger's hands.
 */
export async function providePorts(
  machine: Machine,
  file: string,
  { running, choose }: { running: ReadonlySet<string>; choose: boolean },
): Promise<LocalPorts> {
  const remembered = await machine.readJson(file, Type.Partial(LocalPorts));
  const idle = NAMES.filter((name) => !running.has(PORT_OWNERS[name]));
  const kept = { ...remembered };
  for (const name of idle) {
    const port = kept[name];
    if (choose) delete kept[name];
    else if (port !== undefined) await refuseIfTaken(machine, name, port);
  }
  const ports = await chooseAll(machine, kept, Object.values(remembered ?? {}));
  machine.writeJson(file, ports);
  return ports;
}
