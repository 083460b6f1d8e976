import type { VersionedTool } from './tool.ts';

/** Makes and changes what an environment is made of. */
export const TERRAFORM: VersionedTool = {
  name: 'terraform',
  purpose: 'makes and changes the resources in Azure',
  neededBy: ['oms provision', 'oms destroy'],
  // Values that are never kept in plan or state came with 1.10 and 1.11.
  minimum: '1.11.0',
  required: false,
  hint: 'https://developer.hashicorp.com/terraform/install',
  command: 'terraform',
  versionArguments: ['version', '-json'],
  // Without it the program asks its maker for a newer one.
  versionEnvironment: { CHECKPOINT_DISABLE: '1' },
};
