import { type ClientRequest, get } from 'node:http';
import type { ApiClient } from '../api-client';

interface CrowdOptions {
  api: ApiClient;
  cameraId: string;
  viewers: number;
  query: string;
  timeoutMs: number;
}

/** Many who open one feed at once; each stays until all have had two pictures. Gives how long each waited, in ms. */
export async function watchTogether(
  options: CrowdOptions,
  whileAllWatch: () => Promise<void>,
): Promise<number[]> {
  const requests: ClientRequest[] = [];
  try {
    const waits = await Promise.all(
      Array.from({ length: options.viewers }, () => secondPicture(options, requests)),
    );
    await whileAllWatch();
    return waits;
  } finally {
    for (const request of requests) request.destroy();
  }
}

/** Looks at the parts' headers alone: the pictures are looked at elsewhere. */
function secondPicture(
  { api, cameraId, query, timeoutMs }: CrowdOptions,
  requests: ClientRequest[],
): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const timer = setTimeout(() => reject(new Error(`No two pictures in ${timeoutMs} ms.`)), timeoutMs);
    const request = get(
      `${api.url}/api/cameras/${cameraId}/stream/feed${query}`,
      { headers: { Authorization: `Bearer ${api.key}` }, agent: false },
      (response) => {
        let pictures = 0;
        response.on('error', () => undefined);
        response.on('data', (chunk: Buffer) => {
          if (pictures >= 2) return;
          const text = chunk.toString('latin1');
          pictures += text.split('X-Timestamp').length - text.split('X-Slate').length;
          if (pictures < 2) return;
          clearTimeout(timer);
          resolve(performance.now() - startedMs);
        });
      },
    );
    request.on('error', reject);
    requests.push(request);
  });
}
