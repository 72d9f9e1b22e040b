import { LiveMessage } from '@camfleet/protocol';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ApiClient } from '../api-client';

type Told<Type extends LiveMessage['type']> = Extract<LiveMessage, { type: Type }>;

/** A dashboard that listens to one replica. */
export class LiveReader implements Disposable {
  readonly messages: LiveMessage[] = [];

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => this.messages.push(LiveMessage.parse(JSON.parse(String(data)))));
  }

  /** Of faces alone, from now on. */
  static async open({ url, key }: ApiClient): Promise<LiveReader> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/live`, {
      headers: { Authorization: `Bearer ${key}` },
    });
    const reader = new LiveReader(socket);
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'subscribe', types: ['face'] }));
    await once(socket, 'message');
    return reader;
  }

  ofType<Type extends LiveMessage['type']>(type: Type): Told<Type>[] {
    const isIt = (message: LiveMessage): message is Told<Type> => message.type === type;
    return this.messages.filter(isIt);
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}
