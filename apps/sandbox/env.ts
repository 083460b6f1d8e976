import { Type } from 'typebox';
import { EnvironmentError, Port } from '../../lib/runtime/env.ts';
import { LOG_LEVELS } from '../../lib/runtime/logger.ts';
import { type FaultSettings, parseFaults } from './faults.ts';

export const SandboxEnv = Type.Object({
  OMS_SANDBOX_DATABASE_URL: Type.String({ minLength: 1, description: 'a schema in which it may make tables' }),
  OMS_HOOKS_URL: Type.String({ minLength: 1, description: 'the order API, which takes /hooks/psp and /hooks/carrier' }),
  OMS_PSP_HOOK_SECRET: Type.String({ minLength: 16 }),
  OMS_CARRIER_HOOK_SECRET: Type.String({ minLength: 16 }),
  OMS_SANDBOX_PUBLIC_URL: Type.Optional(Type.String({ description: 'where others reach it, for labels' })),
  OMS_SANDBOX_FAULTS: Type.String({ default: '{}', description: 'what shall go wrong, as PUT /faults takes it' }),
  OMS_HTTP_HOST: Type.String({ default: '127.0.0.1' }),
  OMS_HTTP_PORT: Port({ default: 0 }),
  OMS_LOG_LEVEL: Type.Enum([...LOG_LEVELS], { default: 'info' }),
});

/** @throws {EnvironmentError} naming the setting at fault */
export function faultsFrom(text: string): FaultSettings {
  try {
    return parseFaults(JSON.parse(text));
  } catch (error) {
    throw new EnvironmentError(`environment: OMS_SANDBOX_FAULTS: ${(error as Error).message}`);
  }
}
