import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { GroupName, HubConfig, HubName } from '../broker/hub-config.ts';
import { FaultSettings } from '../faults/fault-rules.ts';
import type { FaultSwitches } from '../faults/fault-switches.ts';
import { hubStatus } from '../hub-status.ts';
import type { Authenticator } from '../protocol/auth.ts';
import { AdminError, type HubAdmin } from './hub-admin.ts';

/** What a change is made of. */
export interface AdminParts {
  admin: HubAdmin;
  faults: FaultSwitches;
  auth: Authenticator;
}

const { name: _name, ...settings } = HubConfig.properties;
const HubBody = Type.Object(settings, { additionalProperties: false });
const HubParams = Type.Object({ hub: HubName });
const GroupParams = Type.Object({ hub: HubName, group: GroupName });
type GroupParams = Static<typeof GroupParams>;

const BASIC = /^Basic ([A-Za-z0-9+/]+=*)$/i;

/**
 * Lets only those change something who have the hub's key, as name and password of HTTP's basic authentication; and no
 * page in a browser, whatever it was loaded from.
 */
function guard({ headers }: FastifyRequest, auth: Authenticator): void {
  if (headers.origin !== undefined) throw new AdminError(403, 'changes from a page in a browser are not taken');
  const [, encoded = ''] = BASIC.exec(headers.authorization ?? '') ?? [];
  const [name = '', ...key] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  if (auth.acceptsPlain(Buffer.from(`\0${name}\0${key.join(':')}`))) return;
  throw new AdminError(401, "changes need the hub's key: basic authentication with the key's name and the key");
}

/** GET /hubs and /faults for everyone who reaches the port; PUT and DELETE for those with the key. */
export function addAdminRoutes(app: FastifyInstance, { admin, faults, auth }: AdminParts, hubs: () => unknown): void {
  const onRequest = async (request: FastifyRequest) => guard(request, auth);
  app.get('/hubs', async () => hubs());
  app.get<{ Params: { hub: string } }>('/hubs/:hub', async ({ params }) => hubStatus(admin.find(params.hub)));
  app.put<{ Params: { hub: string }; Body: Static<typeof HubBody> }>(
    '/hubs/:hub',
    { onRequest, schema: { params: HubParams, body: HubBody } },
    async ({ params, body }, reply) => {
      const { hub, created } = await admin.put({ ...body, name: params.hub });
      return reply.code(created ? 201 : 200).send(hubStatus(hub));
    },
  );
  app.delete<{ Params: { hub: string } }>(
    '/hubs/:hub',
    { onRequest, schema: { params: HubParams } },
    async ({ params }, reply) => {
      await admin.remove(params.hub);
      return reply.code(204).send();
    },
  );
  addGroupRoutes(app, admin, onRequest);
  addFaultRoutes(app, faults, onRequest);
}

type Guard = (request: FastifyRequest) => Promise<void>;

function addGroupRoutes(app: FastifyInstance, admin: HubAdmin, onRequest: Guard): void {
  const path = '/hubs/:hub/groups/:group';
  const options = { onRequest, schema: { params: GroupParams } };
  app.put<{ Params: GroupParams }>(path, options, async ({ params }) =>
    hubStatus(await admin.putGroup(params.hub, params.group)),
  );
  app.delete<{ Params: GroupParams }>(path, options, async ({ params }, reply) => {
    await admin.removeGroup(params.hub, params.group);
    return reply.code(204).send();
  });
}

function addFaultRoutes(app: FastifyInstance, faults: FaultSwitches, onRequest: Guard): void {
  app.get('/faults', async () => faults.settings);
  app.put<{ Body: FaultSettings }>('/faults', { onRequest, schema: { body: FaultSettings } }, async ({ body }) => {
    faults.set(body);
    return faults.settings;
  });
  app.delete('/faults', { onRequest }, async (_request, reply) => {
    faults.set({ rules: [] });
    return reply.code(204).send();
  });
}
