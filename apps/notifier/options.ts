import type { Static } from 'typebox';
import { EnvironmentError } from '../../lib/runtime/env.ts';
import type { NotifierOptions } from './app.ts';
import type { Channel } from './channels/channel.ts';
import { isAddress, type MailOptions } from './channels/mail.ts';
import { MaildirChannel } from './channels/maildir.ts';
import { SmtpChannel } from './channels/smtp.ts';
import { WebhookChannel } from './channels/webhook.ts';
import type { NotifierEnv } from './env.ts';

type Env = Static<typeof NotifierEnv>;

/** @throws {EnvironmentError} for addresses that mail could not be sent to or from */
function mailOptions(env: Env): MailOptions {
  const options = {
    sender: env.OMS_SELLER_NAME,
    from: env.OMS_MAIL_FROM,
    addressOf: env.OMS_NOTIFY_ADDRESS,
    operations: env.OMS_OPERATIONS_ADDRESS,
  };
  const addresses = {
    OMS_MAIL_FROM: options.from,
    OMS_OPERATIONS_ADDRESS: options.operations,
    OMS_NOTIFY_ADDRESS: options.addressOf.replace('{customer}', 'c-1'),
  };
  const wrong = Object.entries(addresses).filter(([, address]) => !isAddress(address));
  if (wrong.length === 0) return options;
  throw new EnvironmentError(`environment: ${wrong.map(([name]) => `${name} makes no mail address`).join('; ')}`);
}

function channelsOf(env: Env): Channel[] {
  const mail = mailOptions(env);
  const channels: Channel[] = [];
  if (env.OMS_MAILDIR) channels.push(new MaildirChannel(env.OMS_MAILDIR, mail));
  if (env.OMS_SMTP_URL) channels.push(new SmtpChannel(env.OMS_SMTP_URL, mail));
  const { OMS_NOTIFY_WEBHOOK_URL: url, OMS_NOTIFY_WEBHOOK_SECRET: secret } = env;
  if (url && !secret) throw new EnvironmentError('environment: OMS_NOTIFY_WEBHOOK_URL needs OMS_NOTIFY_WEBHOOK_SECRET');
  if (url && secret) channels.push(new WebhookChannel(url, secret));
  return channels;
}

const parts = (text: string, separator: string): string[] =>
  text
    .split(separator)
    .map((part) => part.trim())
    .filter(Boolean);

/** What the environment asks for. */
export function optionsFrom(env: Env): NotifierOptions {
  const seller = {
    name: env.OMS_SELLER_NAME,
    address: parts(env.OMS_SELLER_ADDRESS, '|'),
    taxId: env.OMS_SELLER_TAX_ID,
  };
  return {
    databaseUrl: env.OMS_DATABASE_URL,
    channels: channelsOf(env),
    links: { order: env.OMS_ORDER_LINK, tracking: env.OMS_TRACKING_LINK },
    messagesPerSecond: env.OMS_MESSAGES_PER_SECOND,
    ...(env.OMS_BLOB_ACCOUNT && {
      documents: {
        blobAccount: env.OMS_BLOB_ACCOUNT,
        labelOrigins: parts(env.OMS_LABEL_ORIGINS, ','),
        seller,
        perSecond: env.OMS_DOCUMENTS_PER_SECOND,
      },
    }),
    http: { host: env.OMS_HTTP_HOST, port: env.OMS_HTTP_PORT },
  };
}
