import { startCameraSimulator } from '@camfleet/camera-simulator';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Cameras of the demo, in the order of the wall. */
const DEMO_NAMES = ['Entrance', 'Reception', 'Corridor', 'Car park'];

/** The addresses stay the same from one start to the next; where another program has it, any port will do. */
const DEMO_PORT = 18554;

export interface Demo {
  close(): Promise<void>;
}

interface DemoOptions {
  clipsDirectory: string;
  apiUrl: string;
  adminApiKey: string;
}

const Cameras = z.object({
  items: z.array(z.object({ id: z.string(), name: z.string(), code: z.string().nullable() })),
});

/**
 * Simulated RTSP cameras with people walking by, registered through the API like any other.
 * The cameras are told from a user's own by their label, and follow the simulator where it had to take another port.
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const clips = findClips(options.clipsDirectory);
  const cameras = {
    host: '127.0.0.1',
    cameras: DEMO_NAMES.map((_, index) => ({
      path: `/cam${index + 1}`,
      clip: clips[index % clips.length] ?? '',
    })),
  };
  const simulator = await startCameraSimulator({ ...cameras, port: DEMO_PORT }).catch(() =>
    startCameraSimulator({ ...cameras, port: 0 }),
  );
  const api = client(options);
  const known = Cameras.parse(await api('GET', '/api/cameras?limit=500')).items;
  for (const [index, name] of DEMO_NAMES.entries()) {
    const code = `CAM${900 + index + 1}`;
    const source = { url: simulator.url(`/cam${index + 1}`) };
    const existing = known.find((camera) => camera.code === code);
    if (existing) {
      await api('PATCH', `/api/cameras/${existing.id}`, { source });
      continue;
    }
    const created = await api('POST', '/api/cameras', { name, code, source, labels: { demo: 'true' } });
    await api('POST', `/api/cameras/${z.object({ id: z.string() }).parse(created).id}/stream/start`);
  }
  return { close: () => simulator.close() };
}

function findClips(directory: string): string[] {
  const clips = existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith('.h264')) : [];
  if (clips.length === 0)
    throw new Error('The demo clips are missing: run "npm run setup", or start with --no-demo.');
  return clips.sort().map((name) => join(directory, name));
}

function client({ apiUrl, adminApiKey }: DemoOptions) {
  return async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${adminApiKey}`,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`The demo cameras could not be registered: ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  };
}
