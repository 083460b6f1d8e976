import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { NotifierEnv } from '../../../../apps/notifier/env.ts';
import { optionsFrom } from '../../../../apps/notifier/options.ts';
import { readEnv } from '../../../../lib/runtime/env.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';

const from = (variables: Record<string, string>) =>
  optionsFrom(readEnv(NotifierEnv, { OMS_DATABASE_URL: 'mysql://h/s', ...variables }));

suite('what the environment asks of the notifier', () => {
  test('nothing but the database is needed: messages stay in the app, documents wait', () => {
    const { channels, documents, messagesPerSecond } = from({});
    assert.deepEqual([channels, documents, messagesPerSecond], [[], undefined, 2_000]);
  });

  test('every channel that is named is used', async (t) => {
    const { channels } = from({
      OMS_MAILDIR: tempFolder(t),
      OMS_SMTP_URL: 'smtp://127.0.0.1:1',
      OMS_NOTIFY_WEBHOOK_URL: 'http://127.0.0.1:1/',
      OMS_NOTIFY_WEBHOOK_SECRET: 'sixteen-letters-at-least',
    });
    t.after(() => Promise.all(channels.map((channel) => channel.close())));
    assert.deepEqual(
      channels.map(({ name }) => name),
      ['maildir', 'smtp', 'webhook'],
    );
  });

  test('documents: the letterhead has lines, labels have places', () => {
    const { documents } = from({
      OMS_BLOB_ACCOUNT: 'UseDevelopmentStorage=true',
      OMS_LABEL_ORIGINS: 'http://a:1, http://b:2',
      OMS_SELLER_ADDRESS: 'Main Street 1|10115 Berlin',
    });
    assert.deepEqual(documents?.labelOrigins, ['http://a:1', 'http://b:2']);
    assert.deepEqual(documents?.seller, { name: 'The Shop', address: ['Main Street 1', '10115 Berlin'], taxId: '' });
    assert.equal(documents?.perSecond, 20);
  });

  const wrong: [Record<string, string>, RegExp][] = [
    [{ OMS_MAIL_FROM: 'me\r\nBcc: all@shop.test' }, /OMS_MAIL_FROM makes no mail address/],
    [{ OMS_NOTIFY_ADDRESS: '{customer} <a@b>' }, /OMS_NOTIFY_ADDRESS makes no mail address/],
    [{ OMS_NOTIFY_ADDRESS: 'all@shop.test' }, /OMS_NOTIFY_ADDRESS/],
    [{ OMS_NOTIFY_WEBHOOK_URL: 'http://h/' }, /needs OMS_NOTIFY_WEBHOOK_SECRET/],
  ];
  for (const [variables, message] of wrong) {
    test(`${JSON.stringify(variables)} is refused at the start`, () => {
      assert.throws(() => from(variables), message);
    });
  }
});
