import { AZ } from './az.ts';
import { TERRAFORM } from './terraform.ts';
import type { VersionedTool } from './tool.ts';

/** What the cloud half is made with; the local stack needs neither. */
export const CLOUD_TOOLS: readonly VersionedTool[] = [TERRAFORM, AZ];
