import { Type } from 'typebox';
import { Port } from '../../lib/runtime/env.ts';
import { LOG_LEVELS } from '../../lib/runtime/logger.ts';

export const WebEnv = Type.Object({
  OMS_API_URL: Type.String({
    pattern: '^https?://[^/]+/?$',
    description: 'the order API, such as http://producer:8080',
  }),
  OMS_HTTP_HOST: Type.String({ default: '127.0.0.1' }),
  OMS_HTTP_PORT: Port({ default: 0 }),
  OMS_SHOP_NAME: Type.String({ minLength: 1, maxLength: 40, default: 'Corner Store' }),
  OMS_PAGES_SECURE_COOKIES: Type.Boolean({ default: false, description: 'true where the shop is reached by https' }),
  OMS_ASSETS_DIR: Type.Optional(Type.String({ minLength: 1, description: 'what scripts/build-web.ts has made' })),
  OMS_LOG_LEVEL: Type.Enum([...LOG_LEVELS], { default: 'info' }),
});
