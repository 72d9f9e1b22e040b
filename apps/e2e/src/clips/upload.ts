import { Upload } from 'tus-js-client';
import type { ApiClient } from '../api-client';

/** As a program of somebody's sends a recording: by tus. @returns the video's id */
export function uploadVideo(api: ApiClient, file: { name: string; bytes: Buffer }): Promise<string> {
  return new Promise((resolve, reject) => {
    const upload: Upload = new Upload(file.bytes, {
      endpoint: `${api.url}/api/uploads`,
      headers: { Authorization: `Bearer ${api.key}` },
      metadata: { filename: file.name, filetype: 'video/mp4' },
      onError: reject,
      onSuccess: () => resolve(upload.url?.split('/').at(-1) ?? ''),
    });
    upload.start();
  });
}
