import type { EmbedResult, KeptFace } from '@camfleet/protocol';
import { ADMIN_KEY, ApiHarness, WORKER_KEY, eventually } from './api-harness';
import { JPEG, TestWorker } from './test-worker';

export const MODEL = { model: 'arc', version: '1' };
const DIMENSION = 32;
export const CALIBRATION = {
  impostorMean: 0,
  impostorDeviation: 0.1,
  data: 'made up',
  points: [
    { falseMatchRate: 1e-2, score: 0.23 },
    { falseMatchRate: 1e-3, score: 0.31 },
    { falseMatchRate: 1e-4, score: 0.37 },
  ],
};

export interface VisitBody {
  id: string;
  trackId: string;
  personId?: string;
  personName?: string;
  personScore?: number;
  snapshotUrl?: string;
}

/** A face's vector: `likeness` of the person's own direction, the rest of a direction that nobody else has. */
export function look(person: number, likeness = 1, other = DIMENSION - 1): number[] {
  const vector = Array.from({ length: DIMENSION }, () => 0);
  vector[person] = likeness;
  vector[other] = Math.sqrt(1 - likeness * likeness);
  return vector;
}

export const GOOD = { score: 0.8, heightPx: 120, sharpness: 0.9, exposure: 1, yaw: 0, pitch: 0, roll: 0 };

type Look = number[] | { vector: number[]; quality: object; model?: typeof MODEL };

/** An API with a worker whose photos say themselves which faces are on them: the photo's bytes are the answer. */
export class PeopleStage {
  private count = 0;

  private constructor(
    private readonly parts: {
      api: ApiHarness;
      worker: TestWorker;
      cameraId: string;
      beating: NodeJS.Timeout;
    },
  ) {}

  static async start(): Promise<PeopleStage> {
    const api = await ApiHarness.start({ leaseTtlMs: 60_000 });
    const worker = new TestWorker(api, 'w');
    worker.models = [{ name: MODEL.model, version: MODEL.version, calibration: CALIBRATION }];
    worker.onEmbed = (image) => ({ body: JSON.parse(image.toString()) });
    await worker.online();
    const cameraId = await api.createCamera();
    await api.call('POST', `/api/cameras/${cameraId}/stream/start`);
    await worker.heartbeat();
    // A worker that is silent for long is asked nothing.
    const beating = setInterval(() => void worker.heartbeat().catch(() => undefined), 1_000);
    return new PeopleStage({ api, worker, cameraId, beating });
  }

  get api(): ApiHarness {
    return this.parts.api;
  }

  get worker(): TestWorker {
    return this.parts.worker;
  }

  get cameraId(): string {
    return this.parts.cameraId;
  }

  async stop(): Promise<void> {
    clearInterval(this.parts.beating);
    await this.worker.die();
    await this.api.stop();
  }

  /** A photo that shows these faces. */
  photo(...vectors: (number[] | { vector: number[]; quality?: object; model?: typeof MODEL })[]): Buffer {
    const faces = vectors.map((face, index) => {
      const { vector, quality = GOOD, model = MODEL } = Array.isArray(face) ? { vector: face } : face;
      const side = 0.1 + 0.05 * index;
      return {
        box: [0.1 * index, 0, side, side],
        score: 0.9,
        quality,
        embedding: { ...model, vector },
        crop: JPEG.toString('base64'),
      };
    });
    const result = { width: 640, height: 480, faces } as EmbedResult;
    return Buffer.from(JSON.stringify(result));
  }

  async person(name: string, ...vectors: number[][]): Promise<string> {
    const { id } = (await this.api.call<{ id: string }>('POST', '/api/people', { body: { name } })).body;
    for (const vector of vectors) {
      const { status } = await this.enrol(id, this.photo(vector));
      if (status !== 201) throw new Error(`A face of ${name} was refused: ${status}.`);
    }
    return id;
  }

  enrol(personId: string, photo: Buffer, query = '') {
    return this.post<{ faceId: string; quality: object }>(`/api/people/${personId}/faces${query}`, photo);
  }

  /** Posts a form with one file. */
  async post<Body>(path: string, photo: Buffer, { field = 'image', key = ADMIN_KEY, api = this.api } = {}) {
    const form = new FormData();
    form.append(field, new Blob([new Uint8Array(photo)]), 'photo.jpg');
    const response = await fetch(api.url + path, {
      method: 'POST',
      body: form,
      headers: { Authorization: `Bearer ${key}` },
    });
    const body = (await response.json()) as Body & { error?: { code: string; details?: unknown } };
    return { status: response.status, body };
  }

  /** One visit, whose faces come one by one. Answers its track and the id of its first event. */
  async visit(...looks: Look[]) {
    this.count += 1;
    const trackId = `track-${this.count}`;
    await this.send(trackId, looks);
    return { trackId, eventId: `${trackId}:0` };
  }

  /** More of a visit that goes on. */
  async more(trackId: string, look: Look): Promise<void> {
    await this.send(trackId, [look], 100);
  }

  private async send(trackId: string, looks: readonly Look[], from = 0): Promise<void> {
    const events = looks.map((face, index) => {
      const {
        vector,
        quality,
        model = MODEL,
      } = Array.isArray(face) ? { vector: face, quality: GOOD, model: undefined } : face;
      return {
        id: `${trackId}:${from + index}`,
        type: 'face',
        cameraId: this.cameraId,
        epoch: 1,
        occurredAt: new Date().toISOString(),
        trackId,
        state: from + index === 0 ? 'new' : 'update',
        score: 0.9,
        box: [0.1, 0.1, 0.2, 0.2],
        quality,
        embedding: { ...model, vector },
        snapshot: JPEG.toString('base64'),
      };
    });
    const { body } = await this.api.call<{ accepted: number }>('POST', '/api/events', {
      key: WORKER_KEY,
      body: { workerId: 'w', events },
    });
    if (body.accepted !== events.length) throw new Error(`Not taken: ${JSON.stringify(body)}`);
  }

  async event(id: string, api = this.api): Promise<VisitBody> {
    return (await api.call<VisitBody>('GET', `/api/events/${id}`)).body;
  }

  /** Waits until the visit's event shows this person (`null`: nobody). */
  shows(eventId: string, personId: string | null, api = this.api): Promise<VisitBody> {
    return eventually(`${eventId} to show ${personId}`, async () => {
      const event = await this.event(eventId, api);
      return (event.personId ?? null) === personId && event;
    });
  }

  /** Waits until everything that was sent is recognised: a visit in a group is one that was judged. */
  async groups(): Promise<{ id: string; visits: number; best: { trackId: string }[] }[]> {
    const { body } = await this.api.call<{
      items: { id: string; visits: number; best: { trackId: string }[] }[];
    }>('GET', '/api/people/unknown?limit=500');
    return body.items;
  }

  groupOf(trackId: string) {
    return eventually(`a group with ${trackId}`, async () =>
      (await this.groups()).find(({ best }) => best.some((visit) => visit.trackId === trackId)),
    );
  }

  correct(eventId: string, body: object) {
    return this.api.call<{ personId: string | null; notPersonIds: string[]; face?: KeptFace }>(
      'POST',
      `/api/events/${eventId}/person`,
      { body },
    );
  }
}
