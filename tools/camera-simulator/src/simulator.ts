import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { Camera, type CameraStatus } from './camera/camera';
import { type Clip, loadClip } from './clip/clip';
import { type ControlServer, startControlServer } from './control';
import { type OnPlay, RtspConnection } from './rtsp/connection';

export interface SimulatedCamera {
  /** `/cam1`; the slash may be left out. */
  path: string;
  /** An H.264 file (annex B) without B-frames; see `makeTestClip`. */
  clip: string;
  /** Of the clip, which does not state it. Default 15. */
  fps?: number;
  /** What the fault `resolution` changes to; shown at the same pace. */
  otherClip?: string;
  /** Both given: Digest authentication is asked for. */
  username?: string;
  password?: string;
  /** How far into the clip the camera is at the start, so that two with one clip differ. */
  startOffsetMs?: number;
}

export interface CameraSimulatorOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** 0 (default): a free one. */
  port?: number;
  /** A second port for faults over HTTP; none when left out, 0: a free one. */
  controlPort?: number;
  cameras: SimulatedCamera[];
  /** Told of each player when it begins; what it gives back is called when it is gone. */
  onPlay?: OnPlay;
}

const DEFAULT_FPS = 15;

/** Starts the cameras. Throws the system's error when the port is taken, and when a clip cannot be used. */
export async function startCameraSimulator(options: CameraSimulatorOptions): Promise<CameraSimulator> {
  const clips = new Map<string, Promise<Clip>>();
  const clipAt = (path: string, fps: number): Promise<Clip> => {
    const key = `${fps} ${path}`;
    const clip = clips.get(key) ?? loadClip(path, fps);
    clips.set(key, clip);
    return clip;
  };
  const cameras = await Promise.all(
    options.cameras.map(
      async ({ path, clip, fps = DEFAULT_FPS, otherClip, username, password, startOffsetMs }) => {
        const credentials =
          username !== undefined && password !== undefined ? { username, password } : undefined;
        return new Camera({
          path: normalPath(path),
          clip: await clipAt(clip, fps),
          otherClip: otherClip === undefined ? undefined : await clipAt(otherClip, fps),
          credentials,
          startOffsetMs: startOffsetMs ?? 0,
        });
      },
    ),
  );
  const simulator = new CameraSimulator({
    host: options.host ?? '127.0.0.1',
    cameras,
    onPlay: options.onPlay,
  });
  await simulator.listen(options.port ?? 0);
  if (options.controlPort !== undefined) await simulator.openControl(options.controlPort);
  return simulator;
}

export class CameraSimulator implements AsyncDisposable {
  private readonly cameras: Map<string, Camera>;
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private control: ControlServer | undefined;
  private boundPort = 0;

  private readonly host: string;
  private readonly onPlay: OnPlay | undefined;

  constructor({ host, cameras, onPlay }: { host: string; cameras: Camera[]; onPlay?: OnPlay }) {
    this.host = host;
    this.onPlay = onPlay;
    this.cameras = new Map(cameras.map((camera) => [camera.path, camera]));
  }

  get port(): number {
    return this.boundPort;
  }

  get controlUrl(): string | undefined {
    return this.control?.url;
  }

  /** The address of a camera, without its password. */
  url(path: string): string {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    return `rtsp://${host}:${this.boundPort}${this.camera(path).path}`;
  }

  /** @throws Error when there is no such camera. */
  camera(path: string): Camera {
    const camera = this.cameras.get(normalPath(path));
    if (!camera) throw new Error(`There is no camera at ${path}.`);
    return camera;
  }

  status(): CameraStatus[] {
    return [...this.cameras.values()].map((camera) => camera.status());
  }

  /** Every camera loses its network: connections end and new ones are refused, until `comeBack`. */
  async goDown(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    for (const socket of this.sockets) socket.destroy();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** On the same port as before. */
  async comeBack(): Promise<void> {
    if (!this.server) await this.listen(this.boundPort);
  }

  async listen(port: number): Promise<void> {
    const server = createServer((socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      new RtspConnection(socket, { cameraAt: (path) => this.cameras.get(path), onPlay: this.onPlay });
    });
    server.listen(port, this.host);
    await once(server, 'listening');
    const address = server.address();
    if (address !== null && typeof address === 'object') this.boundPort = address.port;
    this.server = server;
  }

  async openControl(port: number): Promise<void> {
    this.control = await startControlServer(this, { host: this.host, port });
  }

  async close(): Promise<void> {
    for (const camera of this.cameras.values()) camera.close();
    await this.goDown();
    await this.control?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function normalPath(path: string): string {
  return `/${path.replace(/^\/+|\/+$/g, '')}`;
}
