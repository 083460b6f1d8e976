import { join } from 'node:path';

/**
 * Where the lab keeps what is dear to make (roots, packages, images) and, while it runs, what its servers write. It has to
 * be on a real file system: one overlay cannot lie on another. OMS_LAB_DIR names another folder.
 */
export function labFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.OMS_LAB_DIR) return env.OMS_LAB_DIR;
  return env.XDG_CACHE_HOME ? join(env.XDG_CACHE_HOME, 'oms-lab') : '/var/cache/oms-lab';
}

/** Everything below the lab's folder. */
export function labPlaces(folder = labFolder()) {
  return {
    folder,
    /** Its bridge has one name on this machine, so there is one lab at a time. */
    lock: '/run/oms-lab.lock',
    roots: join(folder, 'roots'),
    packages: join(folder, 'packages'),
    tools: join(folder, 'tools'),
    images: join(folder, 'images'),
    registry: join(folder, 'registry'),
    /** Gone when the lab ends; of an earlier lab that was killed, when the next one begins. */
    run: join(folder, 'run'),
  };
}
export type LabPlaces = ReturnType<typeof labPlaces>;
