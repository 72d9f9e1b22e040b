import {
  Camera,
  type EventView,
  EventPage,
  Person,
  StreamCommandAnswer,
  StreamStatus,
  WorkerPage,
} from '@camfleet/protocol';
import { until } from '@camfleet/testing';
import { z } from 'zod';

export interface Answer {
  status: number;
  body: unknown;
}

const ErrorCode = z.object({ error: z.object({ code: z.string() }) });

/** The stable code of an error's answer. */
export function codeOf({ body }: Answer): string | undefined {
  return ErrorCode.safeParse(body).data?.error.code;
}

/** What a user's program does with the API. */
export class ApiClient {
  constructor(
    readonly url: string,
    readonly key: string,
    private readonly timeoutMs = 60_000,
  ) {}

  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        Authorization: `Bearer ${this.key}`,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(this.timeoutMs),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined };
  }

  async person(id: string): Promise<Person> {
    return Person.parse((await this.call('GET', `/api/people/${id}`)).body);
  }

  /** @param settings such as `analysis` and `zones` */
  async createCamera(name: string, source: object, settings: object = {}): Promise<Camera> {
    const answer = await this.call('POST', '/api/cameras', { name, source, ...settings });
    if (answer.status !== 201) throw new Error(`Not created: ${JSON.stringify(answer)}`);
    return Camera.parse(answer.body);
  }

  async start(cameraId: string): Promise<StreamCommandAnswer> {
    return StreamCommandAnswer.parse((await this.call('POST', `/api/cameras/${cameraId}/stream/start`)).body);
  }

  async stop(cameraId: string): Promise<StreamCommandAnswer> {
    return StreamCommandAnswer.parse((await this.call('POST', `/api/cameras/${cameraId}/stream/stop`)).body);
  }

  async status(cameraId: string): Promise<StreamStatus> {
    return StreamStatus.parse((await this.call('GET', `/api/cameras/${cameraId}/stream/status`)).body);
  }

  async untilState(
    cameraId: string,
    state: StreamStatus['state'],
    timeoutMs = 15_000,
  ): Promise<StreamStatus> {
    let last: StreamStatus | undefined;
    const reached = async () => {
      last = await this.status(cameraId);
      return last.state === state && last;
    };
    return until(`the camera is ${state}`, reached, timeoutMs).catch((error: unknown) => {
      throw new Error(`${String(error)} It is ${JSON.stringify(last)}`);
    });
  }

  /** Oldest first. */
  async events(query: { cameraId?: string; type?: string } = {}): Promise<EventView[]> {
    const path = `/api/events?${new URLSearchParams({ after: '0', limit: '500', ...query })}`;
    return EventPage.parse((await this.call('GET', path)).body).items;
  }

  async workers(): Promise<z.infer<typeof WorkerPage>['items']> {
    return WorkerPage.parse((await this.call('GET', '/api/workers')).body).items;
  }

  async bytes(
    path: string,
  ): Promise<{ status: number; type: string | null; body: Buffer; headers: Headers }> {
    const response = await fetch(this.url + path, { headers: { Authorization: `Bearer ${this.key}` } });
    const body = Buffer.from(await response.arrayBuffer());
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body,
      headers: response.headers,
    };
  }
}

export function isJpeg(bytes: Buffer): boolean {
  return bytes.readUInt16BE(0) === 0xffd8 && bytes.readUInt16BE(bytes.length - 2) === 0xffd9;
}
