import { Camera, EventPage, type EventView, Person, StreamStatus } from '@camfleet/protocol';
import { until } from '@camfleet/testing';
import { z } from 'zod';

export interface CameraWish {
  url: string;
  /** Faces at 5 fps. */
  faces: boolean;
  /** Default: every picture is looked at. */
  motionGate?: boolean;
}

const Refusal = z.object({ error: z.object({ code: z.string() }) });

/** What an operator does. */
export class ApiClient {
  constructor(
    readonly url: string,
    readonly key: string,
  ) {}

  async addCamera(name: string, { url, faces, motionGate = false }: CameraWish): Promise<string> {
    const analysis = { faces: { enabled: faces, fps: 5 }, motionGate };
    return Camera.parse(await this.call('POST', '/api/cameras', { name, source: { url }, analysis })).id;
  }

  async startStream(cameraId: string): Promise<void> {
    await this.call('POST', `/api/cameras/${cameraId}/stream/start`);
  }

  async stopStream(cameraId: string): Promise<void> {
    await this.call('POST', `/api/cameras/${cameraId}/stream/stop`);
    await this.untilState(cameraId, 'stopped');
  }

  async untilState(cameraId: string, state: StreamStatus['state'], timeoutMs = 30_000): Promise<void> {
    const isSo = async () => (await this.status(cameraId)).state === state;
    await until(`the camera is ${state}`, isSo, timeoutMs);
  }

  async status(cameraId: string): Promise<StreamStatus> {
    return StreamStatus.parse(await this.call('GET', `/api/cameras/${cameraId}/stream/status`));
  }

  /** The newest 500. */
  async faceEvents() {
    return EventPage.parse(await this.call('GET', '/api/events?type=face&limit=500')).items;
  }

  /** All there are, oldest first. */
  async allFaceEvents(): Promise<EventView[]> {
    const events: EventView[] = [];
    for (;;) {
      const path = `/api/events?type=face&limit=500&after=${events.at(-1)?.sequence ?? 0}`;
      const { items } = EventPage.parse(await this.call('GET', path));
      if (items.length === 0) return events;
      events.push(...items);
    }
  }

  /** The newest 500, each by its best event. */
  async visits(): Promise<EventView[]> {
    const path = '/api/events?type=face&view=visits&limit=500';
    return EventPage.parse(await this.call('GET', path)).items;
  }

  async addPerson(name: string): Promise<string> {
    return Person.parse(await this.call('POST', '/api/people', { name })).id;
  }

  /** @returns the code of the refusal; undefined when it was accepted */
  async enrol(personId: string, face: { eventId: string } | { photo: Buffer }): Promise<string | undefined> {
    const path = `/api/people/${personId}/faces`;
    const form = new FormData();
    if ('photo' in face) form.append('image', new Blob([new Uint8Array(face.photo)]), 'photo.jpg');
    const response = await this.ask('POST', path, 'photo' in face ? form : face);
    const text = await response.text();
    if (response.ok) return undefined;
    if (response.status >= 500) throw new Error(`POST ${path}: ${response.status} ${text}`);
    return Refusal.parse(JSON.parse(text)).error.code;
  }

  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.ask(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  private ask(method: string, path: string, body?: unknown): Promise<Response> {
    const isForm = body instanceof FormData;
    return fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
      },
      body: isForm ? body : body === undefined ? undefined : JSON.stringify(body),
    });
  }
}
