import { Type } from 'typebox';
import { LOG_LEVELS } from '../../lib/runtime/logger.ts';

export const SupervisorEnv = Type.Object({
  OMS_SUPERVISOR_SPEC: Type.String({ description: 'JSON file that lists the processes' }),
  OMS_LOG_LEVEL: Type.Enum(LOG_LEVELS, { default: 'info' }),
});
