import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { kindOf } from '../../../../standins/servers/images/kinds.ts';
import { fromLines, parseReference } from '../../../../standins/servers/images/reference.ts';

suite('references to images', () => {
  test('are read as Docker reads them', () => {
    assert.deepEqual(parseReference('mysql:8.4.10'), {
      registry: undefined,
      repository: 'library/mysql',
      tag: '8.4.10',
    });
    const nginx = { registry: undefined, repository: 'nginxinc/nginx-unprivileged', tag: 'latest' };
    assert.deepEqual(parseReference('nginxinc/nginx-unprivileged'), nginx);
    const named = parseReference('images.example:5000/a/azurite:3.36.0');
    assert.deepEqual(named, { registry: 'images.example:5000', repository: 'a/azurite', tag: '3.36.0' });
    assert.deepEqual(parseReference('localhost/x'), { registry: 'localhost', repository: 'x', tag: 'latest' });
  });

  test('stand in Dockerfiles after FROM', () => {
    const dockerfile =
      'FROM --platform=linux/amd64 node:24-slim AS build\nCOPY x /\nfrom scratch\nFROM $BASE\nFROM nginx:1\n';
    assert.deepEqual(fromLines(dockerfile), ['node:24-slim', 'nginx:1']);
  });
});

suite('what stands in for an image', () => {
  const layersOf = (name: string) => kindOf(parseReference(name))?.layers;

  test('goes by the last part of its name', () => {
    assert.deepEqual(layersOf('node:24.21.0-slim'), ['base', 'node']);
    assert.deepEqual(layersOf('images.example/storage/azurite:3'), ['base', 'node', 'azurite']);
    assert.equal(layersOf('grafana/grafana:12'), undefined);
  });

  test('has wget only where the real image has: on Alpine', () => {
    assert.deepEqual(layersOf('nginxinc/nginx-unprivileged:1.29'), ['base', 'nginx']);
    assert.deepEqual(layersOf('nginxinc/nginx-unprivileged:1.29-alpine'), ['base', 'nginx', 'wget']);
  });
});
