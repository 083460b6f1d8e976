import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, ServerCredentials, status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import type { Handler } from './service.ts';

/** Terraform's way of saying that it is the caller (go-plugin's handshake); not a secret. */
const COOKIE = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';

const EMPTY = Buffer.alloc(0);
const { root } = protobuf.parse(readFileSync(join(import.meta.dirname, 'plugin-protocol.proto'), 'utf8'));

/** Serves the calls to Terraform over a socket until it says shutdown. */
export async function servePlugin(handlers: Record<string, Handler>): Promise<void> {
  if (process.env.TF_PLUGIN_MAGIC_COOKIE !== COOKIE) {
    process.stderr.write('This is a stand-in of a Terraform provider: Terraform starts it.\n');
    process.exitCode = 1;
    return;
  }
  const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  const service = root.lookupService('tfplugin5.Provider').resolveAll() as protobuf.Service;
  for (const method of service.methodsArray) addMethod(server, method, handlers[method.name]!);
  // A folder of its own: Terraform kills a plugin that is slow to end, and process ids come again.
  const folder = mkdtempSync(join(process.env.PLUGIN_UNIX_SOCKET_DIR || tmpdir(), 'oms-standin-'));
  const socket = join(folder, 'plugin.sock');
  addShutdown(server, () => rmSync(folder, { recursive: true, force: true }));
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  process.stdout.write(`1|5|unix|${socket}|grpc|\n`);
}

function addMethod(server: Server, method: protobuf.Method, handler: Handler): void {
  const [Request, Response] = [method.resolvedRequestType!, method.resolvedResponseType!];
  const implementation: UntypedServiceImplementation = {
    call: (call: { request: object }, answer: (error: object | null, value?: object) => void) => {
      Promise.resolve(call.request as Parameters<Handler>[0])
        .then(handler)
        .then(
          (value) => answer(null, value),
          (error: Error) => answer({ code: status.INTERNAL, message: `${method.name}: ${error.stack}` }),
        );
    },
  };
  const definition = {
    path: `/tfplugin5.Provider/${method.name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: () => EMPTY,
    requestDeserialize: (bytes: Buffer) => Request.decode(bytes) as object,
    responseSerialize: (value: object) => Buffer.from(Response.encode(Response.fromObject(value)).finish()),
    responseDeserialize: () => ({}),
  };
  server.addService({ call: definition }, implementation);
}

/** go-plugin ends a plugin with a call of its own. */
function addShutdown(server: Server, cleanUp: () => void): void {
  const definition = {
    path: '/plugin.GRPCController/Shutdown',
    requestStream: false,
    responseStream: false,
    requestSerialize: () => EMPTY,
    requestDeserialize: () => ({}),
    responseSerialize: () => EMPTY,
    responseDeserialize: () => ({}),
  };
  server.addService(
    { shutdown: definition },
    {
      shutdown: (_call: object, answer: (error: null, value: object) => void) => {
        answer(null, {});
        cleanUp();
        server.tryShutdown(() => process.exit(0));
      },
    },
  );
}
