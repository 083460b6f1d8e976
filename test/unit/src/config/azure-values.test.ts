import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import {
  parseEmail,
  parseEnvironmentName,
  parseGateway,
  parsePath,
  parseRange,
  parseRegion,
  parseSubnetId,
  parseUuid,
} from '../../../../src/config/azure-values.ts';
import { QuantityError } from '../../../../src/config/quantities.ts';

const UUID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const SUBNET = `/subscriptions/${UUID}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s`;

const PARSERS: Record<string, [parse: (text: string) => string, good: [text: string, value: string][], bad: string[]]> =
  {
    uuid: [
      (text) => parseUuid(text, '--subscription'),
      [
        [UUID, UUID],
        [UUID.toUpperCase(), UUID],
      ],
      ['my subscription', UUID.slice(1), `${UUID}0`, ` ${UUID}`],
    ],
    region: [
      (text) => parseRegion(text, '--region'),
      [
        ['westeurope', 'westeurope'],
        ['West Europe', 'westeurope'],
      ],
      ['w', '1st', 'west-europe/../x'],
    ],
    email: [
      parseEmail,
      [
        ['ops@example.com', 'ops@example.com'],
        ["o'neil+alerts@mail.example.co", "o'neil+alerts@mail.example.co"],
      ],
      ['ops', 'ops@example', '@example.com', 'a b@example.com', 'a@b@example.com', '=cmd@example.com'],
    ],
    range: [
      parseRange,
      [
        ['203.0.113.7', '203.0.113.7/32'],
        ['203.0.113.0/24', '203.0.113.0/24'],
        ['100.63.255.0/24', '100.63.255.0/24'],
        ['8.0.0.0/8', '8.0.0.0/8'],
      ],
      [
        '203.0.113.7/24',
        '0.0.0.0/0',
        '10.0.0.0/8',
        '10.1.2.3',
        '172.31.0.1',
        '192.168.0.0/16',
        '100.64.0.1',
        '127.0.0.1',
        '224.0.0.1',
        '255.255.255.255',
        '256.1.1.1',
        '1.2.3',
        '1.2.3.4/33',
        '1.2.3.4/',
        '::1',
        '2.0.0.0/7',
        '01.2.3.4',
      ],
    ],
    subnet: [parseSubnetId, [[SUBNET, SUBNET]], ['my-subnet', `${SUBNET}/x`, SUBNET.replace(UUID, 'x')]],
    path: [
      (text) => parsePath(text, '--certificate ./oms.pem'),
      [
        ['oms.pem', 'oms.pem'],
        ['./-x.pem', './-x.pem'],
        ['/with blank/ü.pem', '/with blank/ü.pem'],
      ],
      ['x'.repeat(5_000)],
    ],
    gateway: [
      parseGateway,
      [['sb://gateway.example.com:5671', 'sb://gateway.example.com:5671']],
      ['amqp://x', 'sb://', 'sb://user:secret@x', 'sb://x:99999', 'gateway.example.com'],
    ],
    environment: [
      (text) => parseEnvironmentName(text),
      [
        ['demo', 'demo'],
        ['a', 'a'],
        ['x'.repeat(20), 'x'.repeat(20)],
      ],
      ['', 'Demo', '1st', 'x'.repeat(21), 'local', 'cache', 'standins', '../x', 'de mo', 'my-windows', 'mi-crosoft'],
    ],
  };

/** Attacks on whatever takes a text from the command line. */
const HOSTILE = ['', '-rf', '--help', '@file', 'a\nb', 'a\0b', '"\'', 'x'.repeat(10_240), '$(id)', '\u001b[31m'];

for (const [name, [parse, good, bad]] of Object.entries(PARSERS)) {
  suite(name, () => {
    test('takes what is one', () => {
      for (const [text, value] of good) assert.equal(parse(text), value);
    });

    test('names what it expected, what it got and an example, in one line that a terminal can show', () => {
      const hostile = name === 'path' ? HOSTILE.filter((text) => !['"\'', '$(id)'].includes(text)) : HOSTILE;
      for (const text of [...bad, ...hostile]) {
        const problem = (error: unknown) =>
          error instanceof QuantityError &&
          /^\P{Cc}{1,400}$/u.test(error.message) &&
          /expected .*got ".*; for example .*/.test(error.message);
        assert.throws(() => parse(text), problem, JSON.stringify(text.slice(0, 40)));
      }
    });
  });
}

test('a range is taken exactly when it is public, begins at its network and is no wider than /8', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const inside = ([a, b]: number[]) =>
    a === 0 ||
    a === 10 ||
    a === 127 ||
    a! >= 224 ||
    (a === 100 && b! >= 64 && b! < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b! >= 16 && b! < 32) ||
    (a === 192 && b === 168);
  fc.assert(
    fc.property(fc.tuple(octet, octet, octet, octet), fc.integer({ min: 16, max: 32 }), (parts, length) => {
      const value = parts.reduce((sum, part) => sum * 256 + part, 0);
      const aligned = value % 2 ** (32 - length) === 0;
      const text = `${parts.join('.')}/${length}`;
      if (aligned && !inside(parts)) assert.equal(parseRange(text), text);
      else assert.throws(() => parseRange(text), QuantityError);
    }),
  );
});
