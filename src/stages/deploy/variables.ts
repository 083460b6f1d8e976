import { type Static, Type } from 'typebox';
import { HostState } from './release.ts';

const Text = Type.String({ minLength: 1 });

/**
 * What the playbooks of templates/ansible are told: `variables.json`, handed over with `--extra-vars @file`. Names begin
 * with `oms_`, as Ansible's linter asks. Secrets are not in it, their files are named.
 */
export const DeployVariables = Type.Object({
  oms_home: Text,
  oms_project: Text,
  oms_release: Text,
  /** Release to go back to, and which one runs now; null on a first deployment. */
  oms_previous: Type.Union([Text, Type.Null()]),
  /** Folder on the machine that deploys, with one folder a host: copied to releases/<id>/ as it is. */
  oms_stage: Text,
  /** Folder on the machine that deploys, with the files of secrets. */
  oms_secrets: Text,
  /** Which secrets go to hosts of which group, and whose they are there. */
  oms_secret_files: Type.Array(
    Type.Object({ name: Text, group: Type.Enum(['web', 'app', 'data']), uid: Type.Integer(), gid: Type.Integer() }),
  ),
  /** Images by reference: built from `context` (below releases/<id>/images), or pulled, or loaded from the archive. */
  oms_images: Type.Array(
    Type.Object({ reference: Text, group: Type.Array(Text), context: Type.Union([Text, Type.Null()]) }),
  ),
  /** `docker save` of all images on the machine that deploys: nothing is built or pulled then. */
  oms_image_archive: Type.Union([Text, Type.Null()]),
  /** Compose files below releases/<id>/ by group of hosts, in their order. */
  oms_compose_files: Type.Array(Text),
  oms_profiles: Type.Array(Text),
  oms_replicas: Type.Object({ producer: Type.Integer(), consumer: Type.Integer() }),
  /** Whether the schema follows the release; a release that comes back leaves it as it is. */
  oms_migrates: Type.Boolean(),
  /** What the release that is brought up shall run as. */
  oms_colours: HostState.properties.colours,
  /** What runs now; null where nothing does. */
  oms_colours_before: Type.Union([HostState.properties.colours, Type.Null()]),
  /** Seconds a health gate waits. */
  oms_gate_seconds: Type.Integer({ minimum: 1 }),
  /** Seconds between failing the drained server's health check and stopping it: what the proxy needs to notice. */
  oms_drain_seconds: Type.Number({ minimum: 0 }),
  oms_kept_releases: Type.Integer({ minimum: 2 }),
  oms_deployed_by: Text,
  /** Name of the backup to restore, and how many stay when one is made; 0 lets all of them stay. */
  oms_backup: Type.Optional(Text),
  oms_backups_kept: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type DeployVariables = Static<typeof DeployVariables>;

/** Playbooks of templates/ansible, in the order a deployment runs them; each is idempotent by itself. */
export const PLAYBOOKS = {
  /** Docker, firewall, time, users: a bare Debian or Ubuntu becomes a server that can be deployed to. */
  base: 'base.yml',
  /** Release folder, secrets, images, data tier, setup (accounts, expanding migrations), the new colours up and healthy. */
  prepare: 'prepare.yml',
  /** Consumers handed over, pages and web servers one by one, proxy, old colours gone, contracting migrations, state. */
  finish: 'finish.yml',
  /** Everything back to `oms_previous` as it was; what the new release has started goes. */
  rollback: 'rollback.yml',
  backup: 'backup.yml',
  restore: 'restore.yml',
  /** What a restore that failed or was interrupted has left: the database as it was, consumers at work. */
  restoreBack: 'restore-back.yml',
} as const;
export type Playbook = keyof typeof PLAYBOOKS;
