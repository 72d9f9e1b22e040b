import { Camera, EventPage, StreamStatus } from '@camfleet/protocol';
import { until } from '@camfleet/testing';

export interface CameraWish {
  url: string;
  /** Faces at 5 fps. */
  faces: boolean;
}

/** What an operator does. */
export class ApiClient {
  constructor(
    readonly url: string,
    readonly key: string,
  ) {}

  async addCamera(name: string, { url, faces }: CameraWish): Promise<string> {
    const analysis = { faces: { enabled: faces, fps: 5 } };
    return Camera.parse(await this.call('POST', '/api/cameras', { name, source: { url }, analysis })).id;
  }

  async startStream(cameraId: string): Promise<void> {
    await this.call('POST', `/api/cameras/${cameraId}/stream/start`);
  }

  async stopStream(cameraId: string): Promise<void> {
    await this.call('POST', `/api/cameras/${cameraId}/stream/stop`);
    await this.untilState(cameraId, 'stopped');
  }

  async untilState(cameraId: string, state: StreamStatus['state']): Promise<void> {
    await until(`the camera is ${state}`, async () => (await this.status(cameraId)).state === state, 30_000);
  }

  async status(cameraId: string): Promise<StreamStatus> {
    return StreamStatus.parse(await this.call('GET', `/api/cameras/${cameraId}/stream/status`));
  }

  /** The newest 500. */
  async faceEvents() {
    return EventPage.parse(await this.call('GET', '/api/events?type=face&limit=500')).items;
  }

  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }
}
