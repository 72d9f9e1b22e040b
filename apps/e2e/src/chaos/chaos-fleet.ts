import { type CameraSimulator, startCameraSimulator } from '@camfleet/camera-simulator';
import { startEmbeddedPostgres } from '@camfleet/database';
import { Camera } from '@camfleet/protocol';
import { type Member, ProcessFleet, descendantsOf, signalTo, until } from '@camfleet/testing';
import { ApiClient } from '../api-client';
import { visitsClip } from '../clips/face-clip';
import type { Standstill } from './checks/owners';
import { SmallDisk } from './faults/small-disk';
import { WallClock } from './faults/wall-clock';
import type { History } from './history';
import { CameraSessions, type Session } from './witnesses/camera-sessions';

export interface ChaosFleetOptions {
  replicas: number;
  workers: number;
  cameras: number;
  leaseMs: number;
  heartbeatMs: number;
}

/** A service manager's pause before it starts again what has ended by itself. */
const RESTART_MS = 500;
const STARTED = /api\.started|worker\.listening/;
const CALL_TIMEOUT_MS = 4_000;
/** Longer than any fault lasts, and a program takes to start. */
const ASK_TIMEOUT_MS = 120_000;
/** The last worker's outbox lies on a disk that can be filled. */
const SMALL_DISK_MB = 32;

/** A fleet that is kept running, its cameras, and what it takes to do it harm. */
export class ChaosFleet implements AsyncDisposable {
  readonly cameraIds: string[] = [];
  readonly clocks = new Map<string, WallClock>();
  readonly standstills: Standstill[] = [];
  /** Programs that ended by themselves though they had started well. */
  readonly crashes: string[] = [];
  disk: SmallDisk | undefined;
  private readonly down = new Set<Member>();
  private isOver = false;

  private constructor(
    private readonly parts: {
      processes: ProcessFleet;
      simulator: CameraSimulator;
      sessions: CameraSessions;
    },
    readonly options: ChaosFleetOptions,
    readonly history: History,
  ) {}

  /** Resolves when every camera has been told to stream. */
  static async start(options: ChaosFleetOptions, history: History): Promise<ChaosFleet> {
    const processes = await ProcessFleet.start({
      replicas: options.replicas,
      network: true,
      startDatabase: startEmbeddedPostgres,
      env: {
        LEASE_TTL_MS: String(options.leaseMs),
        HEARTBEAT_INTERVAL_MS: String(options.heartbeatMs),
      },
    });
    const sessions = new CameraSessions(() => history.nowMs());
    const clip = await visitsClip();
    const simulator = await startCameraSimulator({
      host: processes.home('cameras'),
      cameras: paths(options.cameras).map((path, index) => ({ path, clip, startOffsetMs: index * 1_300 })),
      onPlay: sessions.onPlay,
    });
    const fleet = new ChaosFleet({ processes, simulator, sessions }, options, history);
    try {
      await fleet.fill();
      return fleet;
    } catch (error) {
      await fleet[Symbol.asyncDispose]();
      throw error;
    }
  }

  get processes(): ProcessFleet {
    return this.parts.processes;
  }

  get simulator(): CameraSimulator {
    return this.parts.simulator;
  }

  get sessions(): readonly Session[] {
    return this.parts.sessions.sessions;
  }

  get workers(): Member[] {
    return [...this.processes.workers.values()];
  }

  get replicas(): Member[] {
    return this.processes.replicas;
  }

  api(replica: number): ApiClient {
    return new ApiClient(this.processes.replica(replica).url, this.processes.adminKey, CALL_TIMEOUT_MS);
  }

  /** Has a replica do it, whichever can first; while none can, it is asked for again. */
  async ask(path: string): Promise<void> {
    let turn = 0;
    const taken = async () => {
      const { status } = await this.api(turn++ % this.replicas.length).call('POST', path);
      return status === 202;
    };
    await until(`${path} is taken`, () => taken().catch(() => false), ASK_TIMEOUT_MS);
  }

  /** kill -9; nobody starts it again before {@link revive}. */
  kill(member: Member): void {
    this.down.add(member);
    member.program.signal('SIGKILL');
  }

  async revive(member: Member): Promise<void> {
    await member.program.exited;
    this.down.delete(member);
    member.start();
    this.keep(member);
  }

  /** Stops the worker's parent alone, or with its decoders; answers how to let it go on. */
  freeze(worker: Member, { withDecoders }: { withDecoders: boolean }): () => void {
    const { pid } = worker.program;
    const pids = withDecoders ? [pid, ...descendantsOf(pid)] : [pid];
    const still: Standstill = { peer: worker.address, fromMs: this.history.nowMs(), toMs: Infinity };
    if (withDecoders) this.standstills.push(still);
    for (const one of pids) signalTo(one, 'SIGSTOP');
    return () => {
      for (const one of pids) signalTo(one, 'SIGCONT');
      still.toMs = this.history.nowMs();
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isOver = true;
    for (const { program } of this.workers) {
      program.signal('SIGKILL');
      await program.exited;
    }
    this.disk?.[Symbol.dispose]();
    await this.processes[Symbol.asyncDispose]();
    await this.simulator.close();
  }

  private async fill(): Promise<void> {
    const { workers, cameras } = this.options;
    for (let number = 1; number <= workers; number++) {
      const id = `w${number}`;
      const dataDirectory = this.processes.dataDirectoryOf(id);
      if (number === workers) this.disk = SmallDisk.mount(`${dataDirectory}/outbox`, SMALL_DISK_MB);
      const clock = new WallClock(dataDirectory);
      this.clocks.set(id, clock);
      await this.processes.addWorker(id, { NODE_OPTIONS: clock.nodeOptions });
    }
    for (const member of [...this.replicas, ...this.workers]) this.keep(member);
    for (const path of paths(cameras)) {
      const analysis = { faces: { enabled: true, fps: 2 } };
      const wish = { name: path, source: { url: this.simulator.url(path) }, analysis };
      const { body } = await this.api(0).call('POST', '/api/cameras', wish);
      const { id } = Camera.parse(body);
      this.cameraIds.push(id);
      await this.api(0).start(id);
    }
  }

  /** Starts again what ends by itself, as a service manager does. */
  private keep(member: Member): void {
    const { program } = member;
    void program.exited.then((code) => {
      if (this.isOver || this.down.has(member) || member.program !== program) return;
      const last = program.output.trim().split('\n').at(-1);
      this.history.note('ended by itself', { id: member.id, code, last });
      // One that finds no database when it starts says so and ends; that is for its service manager.
      if (STARTED.test(program.output)) this.crashes.push(`${member.id} ended with ${code}: ${last}`);
      setTimeout(() => {
        if (this.isOver || this.down.has(member)) return;
        member.start();
        this.keep(member);
      }, RESTART_MS);
    });
  }
}

function paths(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `/cam${index + 1}`);
}
