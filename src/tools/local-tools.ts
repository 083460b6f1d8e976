import type { Tool, VersionedTool } from './tool.ts';

/** Runs the CLI and every process of the stack. */
export const NODE: VersionedTool = {
  name: 'node',
  purpose: 'runs oms and the processes it starts',
  neededBy: ['every command'],
  minimum: '22.22.2',
  required: true,
  hint: 'npm ci brings Node 24 along; else https://nodejs.org/en/download',
  command: 'node',
  versionArguments: ['--version'],
};

export const DATABASE_SERVER: Tool = {
  name: 'database server',
  purpose: 'keeps orders, stock and progress (MariaDB or MySQL, run privately)',
  neededBy: ['oms up', 'npm test'],
  minimum: 'MariaDB 10.6 or MySQL 8.0',
  required: true,
  hint: 'oms doctor --fix, or apt-get install mariadb-server-core, or oms up --database-url mysql://...',
};

export const DOCKER: VersionedTool = {
  name: 'docker',
  purpose: 'runs the database where no server program can be had',
  neededBy: [],
  minimum: '20.10.0',
  required: false,
  hint: 'https://docs.docker.com/engine/install/',
  command: 'docker',
  versionArguments: ['version', '--format', '{{.Server.Version}}'],
};
