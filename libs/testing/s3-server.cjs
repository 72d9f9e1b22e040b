// A real S3 server (s3rver) for tests: s3-server.cjs DIRECTORY PORT BUCKET. It lacks three questions about uploads in
// parts that every other server answers; they are answered here from the parts that it keeps.
const { createHash } = require('node:crypto');
const { existsSync, readFileSync, readdirSync, rmSync, statSync } = require('node:fs');
const { createServer } = require('node:http');
const { join } = require('node:path');
const S3rver = require('s3rver');

const [directory, port, bucket] = process.argv.slice(2);
const app = new S3rver({
  directory,
  silent: true,
  vhostBuckets: false,
  configureBuckets: [{ name: bucket, configs: [] }],
});
const uploads = app.store.getResourcePath(bucket, undefined, 'uploads');
const serve = app.callback();

const ids = () => (existsSync(uploads) ? readdirSync(uploads) : []);
const keyOf = (id) => readFileSync(join(uploads, id, 'key'), 'utf8');
const escape = (text) => text.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`);
const xml = (response, body) =>
  response.writeHead(200, { 'Content-Type': 'application/xml' }).end(`<?xml version="1.0"?>${body}`);
const gone = (response) =>
  response
    .writeHead(404, { 'Content-Type': 'application/xml' })
    .end('<?xml version="1.0"?><Error><Code>NoSuchUpload</Code><Message>Gone.</Message></Error>');

function partsOf(id) {
  const numbers = readdirSync(join(uploads, id))
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return numbers
    .sort((a, b) => a - b)
    .map((number) => {
      const path = join(uploads, id, String(number));
      const etag = createHash('md5').update(readFileSync(path)).digest('hex');
      const size = statSync(path).size;
      return `<Part><PartNumber>${number}</PartNumber><ETag>"${etag}"</ETag><Size>${size}</Size></Part>`;
    });
}

createServer((request, response) => {
  const { searchParams: query } = new URL(request.url, 'http://s3');
  const id = query.get('uploadId');
  if (request.method === 'GET' && query.has('uploads')) {
    const found = ids().filter((upload) => keyOf(upload).startsWith(query.get('prefix') ?? ''));
    const rows = found.map(
      (upload) => `<Upload><Key>${escape(keyOf(upload))}</Key><UploadId>${upload}</UploadId></Upload>`,
    );
    xml(response, `<ListMultipartUploadsResult>${rows.join('')}</ListMultipartUploadsResult>`);
  } else if (id !== null && (request.method === 'GET' || request.method === 'DELETE')) {
    if (!ids().includes(id)) gone(response);
    else if (request.method === 'GET')
      xml(
        response,
        `<ListPartsResult><IsTruncated>false</IsTruncated>${partsOf(id).join('')}</ListPartsResult>`,
      );
    else {
      rmSync(join(uploads, id), { recursive: true });
      response.writeHead(204).end();
    }
  } else serve(request, response);
}).listen(Number(port), '127.0.0.1', () => process.stdout.write('listening on\n'));
app.configureBuckets();
