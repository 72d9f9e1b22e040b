import { once } from 'node:events';
import { type Server, type ServerResponse, createServer } from 'node:http';

const PICTURE_INTERVAL_MS = 100;

/** A camera that shows one picture ten times a second over HTTP, and counts who connects. */
export class MjpegCamera {
  connections = 0;
  /** Of those who were connected at one time. */
  mostViewers = 0;
  private readonly readers = new Set<ServerResponse>();
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly server: Server,
    jpeg: Buffer,
  ) {
    server.on('request', (_request, response: ServerResponse) => {
      this.connections += 1;
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
      this.readers.add(response);
      this.mostViewers = Math.max(this.mostViewers, this.viewers);
      response.once('close', () => this.readers.delete(response));
    });
    const head = `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`;
    const part = Buffer.concat([Buffer.from(head), jpeg, Buffer.from('\r\n')]);
    this.timer = setInterval(() => {
      for (const reader of this.readers) reader.write(part);
    }, PICTURE_INTERVAL_MS);
  }

  static async start(jpeg: Buffer): Promise<MjpegCamera> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new MjpegCamera(server, jpeg);
  }

  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/video.mjpg`;
  }

  get viewers(): number {
    return this.readers.size;
  }

  stop(): void {
    clearInterval(this.timer);
    this.server.close();
    this.server.closeAllConnections();
  }
}
