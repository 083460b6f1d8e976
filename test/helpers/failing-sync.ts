// Loaded before the hub by --import: the file system answers EIO to every fdatasync after the first few, as a disk does
// that is about to die.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { fdatasync } = fs;
let left = Number(process.env.OMS_TEST_SYNCS);

fs.fdatasync = ((fd: number, done: (error: NodeJS.ErrnoException | null) => void) => {
  if (left-- > 0) fdatasync(fd, done);
  else setImmediate(() => done(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' })));
}) as typeof fs.fdatasync;
syncBuiltinESMExports();
