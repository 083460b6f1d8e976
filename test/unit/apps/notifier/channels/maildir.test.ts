import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { MaildirChannel } from '../../../../../apps/notifier/channels/maildir.ts';
import { MAIL, ORDER_ID, outgoing } from '../../../../helpers/messages.ts';
import { mailsIn } from '../../../../helpers/notifier.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

suite('mail into a folder', () => {
  test('a message is one file, also when it is sent again; nobody else can read it', async (t) => {
    const folder = tempFolder(t);
    const channel = new MaildirChannel(folder, MAIL);
    await channel.send(outgoing());
    await channel.send(outgoing());
    await channel.send(outgoing({ key: 'refund-1' }));
    assert.deepEqual(mailsIn(folder), [`${ORDER_ID}.refund-1@shop.test`, `${ORDER_ID}.status-3@shop.test`]);
    const file = join(folder, 'new', mailsIn(folder)[1]!);
    assert.match(readFileSync(file, 'utf8'), /\r\nSubject: Your order is confirmed\r\n/);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(folder, 'tmp')), []);
  });

  test('a folder that is gone is a channel that is away', async (t) => {
    const folder = tempFolder(t);
    const channel = new MaildirChannel(folder, MAIL);
    rmSync(join(folder, 'tmp'), { recursive: true });
    await assert.rejects(channel.send(outgoing()), { name: 'ChannelError', why: 'away' });
  });
});
