import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { ChannelError } from '../../../../../apps/notifier/channels/channel.ts';
import { isAddress, toMail } from '../../../../../apps/notifier/channels/mail.ts';
import { MAIL, ORDER_ID, outgoing } from '../../../../helpers/messages.ts';

const NAMES = ['From', 'To', 'Subject', 'Date', 'Message-ID', 'Auto-Submitted', 'MIME-Version', 'Content-Type'];
const isNever = (error: unknown) => error instanceof ChannelError && error.why === 'never';

function parse(raw: Buffer) {
  const source = raw.toString();
  const end = source.indexOf('\r\n\r\n');
  // A line that begins with a blank goes on with the one before.
  const headers = source.slice(0, end).replaceAll(/\r\n /g, ' ').split('\r\n');
  return {
    headers: new Map(headers.map((line) => line.split(/: (.*)/s, 2) as [string, string])),
    body: source.slice(end + 4),
  };
}

const fromQuotedPrintable = (body: string): string => {
  const bytes = body
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
};

suite('a message as e-mail', () => {
  test('has the headers it needs; the same message has the same id', () => {
    const mail = toMail(outgoing(), MAIL);
    const { headers, body } = parse(mail.raw);
    assert.deepEqual([...headers.keys()], [...NAMES, 'Content-Transfer-Encoding']);
    assert.equal(headers.get('From'), '"The Shop" <orders@shop.test>');
    assert.equal(headers.get('To'), 'c-1@customers.test');
    assert.equal(headers.get('Date'), 'Sun, 01 Mar 2026 12:00:00 +0000');
    assert.equal(headers.get('Message-ID'), `<${ORDER_ID}.status-3@shop.test>`);
    assert.equal(body, 'Good news!\r\n\r\n');
    assert.deepEqual(toMail(outgoing(), MAIL), mail);
  });

  test('an alarm goes to operations', () => {
    assert.equal(toMail(outgoing({ forOperations: true }), MAIL).to, 'ops@shop.test');
  });

  test('text of any script arrives as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (line) => {
        const text = `${line.replaceAll(/[\r\n\0]/g, '')} €`;
        const { headers, body } = parse(toMail(outgoing({ text }), MAIL).raw);
        assert.equal(headers.get('Content-Transfer-Encoding'), 'quoted-printable');
        assert.ok(body.split('\r\n').every((one) => one.length <= 78 && /^[\t -~]*$/.test(one)));
        assert.equal(fromQuotedPrintable(body), `${text}\r\n`);
      }),
    );
  });

  test('nobody gets a header or a recipient into it', () => {
    const evil = fc.tuple(
      fc.string(),
      fc.constantFrom('\r\nBcc: a@b.test', '\nX: y', '\r\n\r\nbody', '\0', '>, <a@b.test>'),
      fc.string(),
    );
    fc.assert(
      fc.property(evil, fc.constantFrom('customerRef', 'subject'), (parts, field) => {
        try {
          const mail = toMail(outgoing({ [field]: parts.join('') }), MAIL);
          assert.deepEqual([...parse(mail.raw).headers.keys()].slice(0, NAMES.length), NAMES);
          assert.ok(isAddress(mail.to));
        } catch (error) {
          assert.ok(isNever(error), String(error));
        }
      }),
    );
  });

  test('a customer whose name makes no address is told nothing by mail', () => {
    for (const customerRef of ['a:b', 'a..b', '.a', 'a b', 'a@b', '']) {
      assert.throws(() => toMail(outgoing({ customerRef }), MAIL), isNever, customerRef);
    }
  });
});
