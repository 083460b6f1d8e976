import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHierarchies } from '../../../standins/servers/control-groups.ts';

test('finds the hierarchies of control groups among the mounts', () => {
  const mounts = [
    '22 1 253:0 / / rw,relatime - ext4 /dev/vda rw,discard',
    '30 29 0:26 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct',
    '31 29 0:27 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd',
    '32 29 0:28 / /sys/fs/cgroup/unified rw,relatime shared:4 master:2 - cgroup2 cgroup2 rw,nsdelegate',
  ];
  assert.deepEqual(parseHierarchies(`${mounts.join('\n')}\n`), [
    { mountPoint: '/sys/fs/cgroup/cpu,cpuacct', type: 'cgroup', options: 'cpu,cpuacct' },
    { mountPoint: '/sys/fs/cgroup/systemd', type: 'cgroup', options: 'none,name=systemd' },
    { mountPoint: '/sys/fs/cgroup/unified', type: 'cgroup2', options: '' },
  ]);
});
