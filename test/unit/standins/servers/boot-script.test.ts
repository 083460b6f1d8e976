import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { type BootPlan, bootCommand, bootScript, insideScript, quote } from '../../../standins/servers/boot-script.ts';

const PLAN: BootPlan = {
  name: 'shop-1',
  lower: '/cache/roots/debian-13',
  upper: '/cache/run/shop-1/upper',
  work: '/cache/run/shop-1/work',
  root: '/cache/run/shop-1/root',
  docker: '/cache/run/shop-1/docker',
  groups: ['/sys/fs/cgroup/memory/oms-lab/shop-1/cgroup.procs'],
  hierarchies: [
    { mountPoint: '/sys/fs/cgroup/memory', type: 'cgroup', options: 'memory' },
    { mountPoint: '/sys/fs/cgroup/systemd', type: 'cgroup', options: 'none,name=systemd' },
    { mountPoint: '/sys/fs/cgroup/unified', type: 'cgroup2', options: '' },
  ],
};

const linesOf = (script: string) => script.split('\n');

suite('the script that becomes a server', () => {
  test('lays an overlay over the shared root, and puts Docker on a real file system', () => {
    const lines = linesOf(insideScript(PLAN));
    const overlay = `lowerdir=${PLAN.lower},upperdir=${PLAN.upper},workdir=${PLAN.work}`;
    assert.ok(lines.includes(`mount -t overlay overlay -o ${overlay} ${PLAN.root}`));
    assert.ok(lines.includes(`mount --bind ${PLAN.docker} ${PLAN.root}/var/lib/docker`));
  });

  test('gives it the hierarchies of control groups that the machine has', () => {
    const top = `${PLAN.root}/sys/fs/cgroup`;
    const lines = linesOf(insideScript(PLAN));
    assert.ok(lines.includes(`mount -t cgroup -o memory cgroup ${top}/memory`));
    assert.ok(lines.includes(`mount -t cgroup -o none,name=systemd cgroup ${top}/systemd`));
    assert.ok(lines.includes(`mount -t cgroup2 cgroup2 ${top}/unified`));
    const one = { ...PLAN, hierarchies: [{ mountPoint: '/sys/fs/cgroup', type: 'cgroup2', options: '' }] as const };
    assert.ok(linesOf(insideScript(one)).includes(`mount -t cgroup2 cgroup2 ${top}`));
  });

  test("leaves it the network's settings, and none of the kernel's", () => {
    const proc = `${PLAN.root}/proc`;
    const lines = linesOf(insideScript(PLAN)).filter((line) => line.includes('/proc/sys'));
    assert.deepEqual(lines, [
      `mount --bind ${proc}/sys ${proc}/sys`,
      `mount --bind ${proc}/sys/net ${proc}/sys/net`,
      `mount -o remount,bind,ro ${proc}/sys`,
    ]);
  });

  test('turns into systemd by pivot_root, without the right to set the clock', () => {
    const lines = linesOf(insideScript(PLAN));
    assert.equal(lines.at(-2), 'pivot_root . .old');
    assert.match(
      lines.at(-1)!,
      /^exec chroot \. sh -c 'umount -l \/\.old; exec setpriv --bounding-set -sys_time,-sys_module,-sys_boot -- env -i .*systemd/,
    );
  });

  test('enters its groups before its namespaces, and goes with whoever started it', () => {
    assert.match(
      bootScript(PLAN),
      /^set -e\necho 0 > \S+\/oms-lab\/shop-1\/cgroup\.procs\nexec unshare .*--kill-child=KILL/,
    );
    assert.deepEqual(bootCommand(PLAN).args.slice(0, 2), ['--pdeathsig', 'KILL']);
  });

  test('is a script that a shell can read', () => {
    execFileSync('sh', ['-n', '-c', bootScript(PLAN)]);
  });
});

test('what is quoted reaches a command as it was', () => {
  const text = fc.string({ maxLength: 20 }).filter((value) => !value.includes('\0'));
  fc.assert(
    fc.property(text, (value) => {
      assert.equal(execFileSync('sh', ['-c', `printf %s ${quote(value)}`]).toString(), value);
    }),
    { numRuns: 50 },
  );
});
