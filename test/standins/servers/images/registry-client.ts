import { openAsBlob } from 'node:fs';
import { MANIFEST_TYPE } from './manifest.ts';

/** What is pushed: bytes at hand, or a file. */
export type Source = { content: string } | { file: string };

/** The part of the distribution API that a push needs. */
export class RegistryClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async #request(path: string, what: string, init: RequestInit, expected: readonly number[]): Promise<Response> {
    const response = await fetch(new URL(path, this.#url), init);
    if (expected.includes(response.status)) return response;
    throw new Error(`the registry answered ${what} with ${response.status}: ${(await response.text()).trim()}`);
  }

  /** Whether it is up. */
  async answers(): Promise<boolean> {
    return fetch(new URL('/v2/', this.#url)).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  async hasBlob(repository: string, digest: string): Promise<boolean> {
    const path = `/v2/${repository}/blobs/${digest}`;
    return (await this.#request(path, digest, { method: 'HEAD' }, [200, 404])).ok;
  }

  /** Makes a blob of one repository one of another's. */
  async mountBlob(repository: string, digest: string, from: string): Promise<void> {
    const query = new URLSearchParams({ mount: digest, from });
    const path = `/v2/${repository}/blobs/uploads/?${query}`;
    await this.#request(path, `the mount of ${digest}`, { method: 'POST' }, [201]);
  }

  async pushBlob(repository: string, digest: string, source: Source): Promise<void> {
    const begin = `/v2/${repository}/blobs/uploads/`;
    const begun = await this.#request(begin, 'an upload', { method: 'POST' }, [202]);
    const location = new URL(begun.headers.get('location')!, this.#url);
    location.searchParams.set('digest', digest);
    const body = 'file' in source ? await openAsBlob(source.file) : source.content;
    const headers = { 'content-type': 'application/octet-stream' };
    await this.#request(location.href, `the upload of ${digest}`, { method: 'PUT', headers, body }, [201]);
  }

  /** A manifest by tag or digest; undefined when there is none. */
  async manifest(repository: string, reference: string): Promise<string | undefined> {
    const path = `/v2/${repository}/manifests/${reference}`;
    const response = await this.#request(path, reference, { headers: { accept: MANIFEST_TYPE } }, [200, 404]);
    return response.ok ? response.text() : undefined;
  }

  async pushManifest(repository: string, tag: string, manifest: string): Promise<void> {
    const path = `/v2/${repository}/manifests/${tag}`;
    const headers = { 'content-type': MANIFEST_TYPE };
    await this.#request(
      path,
      `the manifest of ${repository}:${tag}`,
      { method: 'PUT', headers, body: manifest },
      [201],
    );
  }
}
