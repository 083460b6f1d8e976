import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { SmtpChannel } from '../../../../../apps/notifier/channels/smtp.ts';
import { keepPort } from '../../../../helpers/kept-port.ts';
import { MAIL, ORDER_ID, outgoing } from '../../../../helpers/messages.ts';
import { startSmtpReceiver } from '../../../../helpers/smtp-receiver.ts';

async function startChannel(t: TestContext) {
  const receiver = await startSmtpReceiver(t);
  const channel = new SmtpChannel(receiver.url, MAIL);
  t.after(() => channel.close());
  return { receiver, channel };
}

suite('mail to a server', () => {
  test('arrives as it was written, at one recipient', async (t) => {
    const { receiver, channel } = await startChannel(t);
    await channel.send(outgoing({ text: '.\nZwölf Bücher für €10\n' }));
    const [mail] = receiver.mails;
    assert.deepEqual([mail?.from, mail?.to], ['orders@shop.test', ['c-1@customers.test']]);
    assert.match(mail?.raw ?? '', new RegExp(`\r\nMessage-ID: <${ORDER_ID}\\.status-3@shop\\.test>\r\n`));
    assert.match(mail?.raw ?? '', /\r\n\r\n\.\r\nZw=C3=B6lf B=C3=BCcher f=C3=BCr =E2=82=AC10\r\n/);
  });

  const replies = [
    [550, 'never'],
    [451, 'refused'],
  ] as const;
  for (const [code, why] of replies) {
    test(`a recipient turned down with ${code}: ${why}`, async (t) => {
      const { receiver, channel } = await startChannel(t);
      receiver.refuseWith = code;
      await assert.rejects(channel.send(outgoing()), { name: 'ChannelError', why });
    });
  }

  test('a server that is not there is away', async (t) => {
    const channel = new SmtpChannel(`smtp://127.0.0.1:${await keepPort()}`, MAIL);
    t.after(() => channel.close());
    await assert.rejects(channel.send(outgoing()), { name: 'ChannelError', why: 'away' });
  });

  test('what a simulation has made up is not for it', async (t) => {
    const { channel } = await startChannel(t);
    assert.deepEqual([channel.takes(outgoing()), channel.takes(outgoing({ synthetic: true }))], [true, false]);
  });
});
