import { createAz } from './az.ts';
import type { Cloud } from './cloud.ts';

const later = () => Promise.reject(new Error('not connected'));

/** The real Azure, through az and the SDKs. */
export function createCloud(): Cloud {
  return { ...createAz(), management: later, canary: later };
}
