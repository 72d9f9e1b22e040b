import { createReadStream } from 'node:fs';
import { Upload } from 'tus-js-client';

/**
 * One client: `upload-entry API KEY FILE [UPLOAD_URL]`. Says where the upload is (`url …`), how far the server has come
 * (`at …`), and `done`. Goes on by itself when the server goes away.
 */
const [api = '', key = '', file = '', uploadUrl] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);

const upload = new Upload(createReadStream(file), {
  endpoint: `${api}/api/uploads`,
  ...(uploadUrl && { uploadUrl }),
  headers: { Authorization: `Bearer ${key}` },
  metadata: { filename: 'large.mp4', filetype: 'video/mp4' },
  retryDelays: Array.from({ length: 200 }, () => 200),
  onUploadUrlAvailable: () => say(`url ${upload.url ?? ''}`),
  onProgress: (bytes) => say(`at ${bytes}`),
  onSuccess: () => {
    say('done');
    process.exit(0);
  },
  onError: (error) => {
    say(`failed ${error.message}`);
    process.exit(1);
  },
});
upload.start();
