import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Versions the stand-ins say they are: what the template asks for. */
const VERSIONS = { azurerm: '5.2.0', time: '0.13.1' } as const;

/**
 * The launcher's text is the same on every machine: Terraform keeps a hash of it in its lock file. Where the program is
 * comes by the environment.
 */
const launcher = (name: string) => `#!/bin/sh
# Schema stand-in for ${name}: nothing reaches Azure.
exec "$OMS_STANDIN_NODE" "$OMS_STANDIN_PROVIDER" ${name} 2>>"$OMS_STANDIN_ERRORS"
`;

function terraformPlatform(): string {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  return `${process.platform}_${arch}`;
}

/**
 * Lays the stand-ins out as a mirror of providers in `folder`, so that `terraform init` installs them.
 * @returns the environment Terraform needs to use nothing but them.
 */
export function installProviders(folder: string): Record<string, string> {
  const mirror = join(folder, 'mirror');
  for (const [name, version] of Object.entries(VERSIONS)) {
    const home = join(mirror, 'registry.terraform.io', 'hashicorp', name, version, terraformPlatform());
    mkdirSync(home, { recursive: true });
    const program = join(home, `terraform-provider-${name}_v${version}`);
    writeFileSync(program, launcher(name));
    chmodSync(program, 0o755);
  }
  const config = join(folder, 'terraform.rc');
  writeFileSync(
    config,
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
  );
  return {
    TF_CLI_CONFIG_FILE: config,
    OMS_STANDIN_NODE: process.execPath,
    OMS_STANDIN_PROVIDER: join(import.meta.dirname, 'main.ts'),
    // Terraform keeps what a provider says as it fails to itself.
    OMS_STANDIN_ERRORS: join(folder, 'providers.log'),
    // Terraform starts its providers several times a command.
    NODE_COMPILE_CACHE: join(folder, 'compile-cache'),
    // The stand-ins speak without TLS on a socket of their own.
    TF_DISABLE_PLUGIN_TLS: '1',
    CHECKPOINT_DISABLE: '1',
  };
}
