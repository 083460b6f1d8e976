import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Circuit } from '../../../../lib/runtime/circuit.ts';

function openCircuit(): Circuit {
  const circuit = new Circuit();
  const opened = Array.from({ length: 10 }, () => circuit.failed(0));
  assert.deepEqual(opened, [...Array(9).fill(false), true]);
  return circuit;
}

suite('the circuit', () => {
  test('opens at the tenth failure in a row, and a success in between starts the count anew', () => {
    const circuit = new Circuit();
    for (let n = 0; n < 9; n++) circuit.failed(0);
    assert.equal(circuit.succeeded(0), false);
    for (let n = 0; n < 9; n++) assert.equal(circuit.failed(1_000), false);
    assert.equal(circuit.isOpen, false);
    assert.equal(circuit.failed(1_000), true);
    assert.equal(circuit.isOpen, true);
  });

  test('stays closed while answers were heard within the last second, however many are cut at once', () => {
    const circuit = new Circuit();
    circuit.succeeded(0);
    for (let n = 0; n < 100; n++) assert.equal(circuit.failed(999), false);
    assert.equal(circuit.failed(1_000), true);
  });

  test('lets one request through after a second, and closes when it is answered', () => {
    const circuit = openCircuit();
    assert.equal(circuit.admits(999), false);
    assert.equal(circuit.waitMs(400), 600);
    assert.equal(circuit.admits(1_000), true);
    assert.equal(circuit.admits(1_001), false);
    assert.equal(circuit.succeeded(1_002), true);
    assert.equal(circuit.admits(1_002), true);
  });

  test('waits twice as long after each probe that fails, at most 15 s; other late failures change nothing', () => {
    const circuit = openCircuit();
    for (let n = 0; n < 200; n++) circuit.failed(500);
    assert.equal(circuit.waitMs(0), 1_000);
    const pauses: number[] = [];
    let now = 1_000;
    for (let n = 0; n < 6; n++) {
      assert.equal(circuit.admits(now), true);
      circuit.failed(now);
      pauses.push(circuit.waitMs(now));
      now += circuit.waitMs(now);
    }
    assert.deepEqual(pauses, [2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });
});
