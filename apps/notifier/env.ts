import { Type } from 'typebox';
import { Port } from '../../lib/runtime/env.ts';
import { LOG_LEVELS } from '../../lib/runtime/logger.ts';

const Text = (description: string) => Type.Optional(Type.String({ description }));
const Rate = (value: number, description: string) => Type.Integer({ minimum: 1, default: value, description });

export const NotifierEnv = Type.Object({
  OMS_DATABASE_URL: Type.String({ minLength: 1 }),
  OMS_SMTP_URL: Text('smtp://user:password@host:port: mail is handed to this server'),
  OMS_MAILDIR: Text('folder that mail is put into'),
  OMS_MAIL_FROM: Type.String({ default: 'orders@shop.invalid', description: 'address that mail comes from' }),
  OMS_NOTIFY_ADDRESS: Type.String({ default: '{customer}@customers.invalid', pattern: '\\{customer\\}' }),
  OMS_OPERATIONS_ADDRESS: Type.String({ default: 'operations@shop.invalid', description: 'where alarms go' }),
  OMS_NOTIFY_WEBHOOK_URL: Text('each message is posted there'),
  OMS_NOTIFY_WEBHOOK_SECRET: Type.Optional(Type.String({ minLength: 16 })),
  OMS_ORDER_LINK: Text('page of an order, with {order}'),
  OMS_TRACKING_LINK: Text('page of a parcel, with {order}, {carrier} and {tracking}'),
  OMS_MESSAGES_PER_SECOND: Rate(2_000, 'at most'),
  OMS_BLOB_ACCOUNT: Text('connection string or https address of the account for documents; none are made without'),
  OMS_LABEL_ORIGINS: Type.String({ default: '', description: 'where carriers keep labels: http://host:port,...' }),
  OMS_DOCUMENTS_PER_SECOND: Rate(20, 'at most'),
  OMS_SELLER_NAME: Type.String({ default: 'The Shop', description: 'on invoices and mail' }),
  OMS_SELLER_ADDRESS: Type.String({ default: '', description: 'lines, separated by |' }),
  OMS_SELLER_TAX_ID: Type.String({ default: '' }),
  OMS_HTTP_HOST: Type.String({ default: '127.0.0.1' }),
  OMS_HTTP_PORT: Port({ default: 0 }),
  OMS_LOG_LEVEL: Type.Enum([...LOG_LEVELS], { default: 'info' }),
});
