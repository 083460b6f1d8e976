import { Type } from 'typebox';
import { LOG_LEVELS } from '../../lib/runtime/logger.ts';

export const SetupEnv = Type.Object({
  OMS_DATABASE_URL: Type.String({ minLength: 1, description: 'as the owner of the schema' }),
  OMS_DATABASE_CLIENTS: Type.String({
    pattern: '^[0-9a-fA-F.:/%]+(,[0-9a-fA-F.:/%]+)*$',
    default: '%',
    description: "where the accounts come from: the host parts of MySQL's accounts, separated by commas",
  }),
  OMS_READER_ACCOUNT: Type.String({
    pattern: '^[A-Za-z0-9_]{1,32}$',
    default: 'oms_ask',
    description: 'may read what questions may read',
  }),
  OMS_SETUP_DEADLINE_SECONDS: Type.Integer({ minimum: 0, default: 90, description: 'how long the database may take' }),
  OMS_LOG_LEVEL: Type.Enum([...LOG_LEVELS], { default: 'info' }),
});
