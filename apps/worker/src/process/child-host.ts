import type { Writable } from 'node:stream';
import { variantKey } from '@camfleet/domain';
import type { Assignment, WorkerEvent } from '@camfleet/protocol';
import type { Logger } from '@camfleet/telemetry';
import { type Vision, startVision } from '@camfleet/vision';
import { type AnalysisFrame, OpeningTurns, SourceRegistry } from '../capture';
import type { MachineClock } from '../fleet/machine-clock';
import { AnalysisTurns } from './analysis-turns';
import { type AnalysisTools, cameraAnalysis } from './camera-analysis';
import { ChildCamera } from './child-camera';
import { ChildCameras } from './child-cameras';
import { ChildClock } from './child-clock';
import { type TaskTools, runTask } from './child-tasks';
import { encodeMessage, NewestOnlyWriter } from './frame-pipe';
import type { ChildSettings, FromChild, ToChild } from './ipc';
import { Pulse } from './pulse';

export interface ChildHostOptions {
  settings: ChildSettings;
  logger: Logger;
  machine: MachineClock;
  pictures: Writable;
  events: Writable;
  send: (message: FromChild) => void;
}

/** What lives in a decoder child: the cameras, the clock, the analysis, and the way out for what they make. */
export class ChildHost {
  private readonly clock: ChildClock;
  private readonly registry: SourceRegistry;
  private readonly cameras: ChildCameras;
  private readonly pictures: NewestOnlyWriter;
  private readonly pulse: Pulse;

  private readonly turns = new AnalysisTurns<AnalysisFrame>();

  private constructor(
    private readonly options: ChildHostOptions,
    private readonly vision: Vision | undefined,
  ) {
    const { machine, settings, send } = options;
    this.clock = new ChildClock(machine);
    this.pictures = new NewestOnlyWriter(options.pictures);
    this.registry = new SourceRegistry({
      clock: this.clock,
      mediaDirectory: settings.mediaDirectory,
      openings: new OpeningTurns(),
    });
    this.cameras = new ChildCameras({
      machine,
      fleetNowMs: () => this.clock.nowMs(),
      send,
      open: (assignment) => this.openCamera(assignment),
      onError: (error) => this.onError(error),
    });
    this.pulse = new Pulse(() => this.cameras.lookAtClock(this.pulse.intervalMs));
    // A worker that is gone closes the pipes before it is known to be gone.
    for (const pipe of [options.pictures, options.events]) pipe.on('error', () => undefined);
  }

  /** Without its models a worker shows video all the same. */
  static async start(options: ChildHostOptions): Promise<ChildHost> {
    const { modelsDirectory, models } = options.settings;
    const vision = await startVision({ modelsDirectory, models }).catch((error: unknown) => {
      options.logger.error({ err: error }, 'child.no-models');
      return undefined;
    });
    return new ChildHost(options, vision);
  }

  announce(): void {
    this.options.send({ type: 'ready', models: this.vision?.models ?? [] });
  }

  receive(message: ToChild): void {
    const { cameras } = this;
    switch (message.type) {
      case 'assign':
        return cameras.assign(message.assignment);
      case 'unassign':
        return void cameras.unassign(message.cameraId).catch(this.onError);
      case 'lease':
        this.clock.adjust(message.clockOffsetMs);
        return cameras.renew(message.deadlineMs);
      case 'watch':
        return cameras.watch(message.cameraId, message.views);
      case 'analysis':
        return cameras.pauseAnalysis(message.paused);
      case 'task':
        return void this.runTask(message);
      case 'ping':
        return this.pong(message.sequence);
      case 'stop':
        return void this.stop().finally(() => process.exit(0));
    }
  }

  /** Closes every source, ends every visit, and waits until the events are in the pipe. */
  async stop(): Promise<void> {
    this.pulse[Symbol.dispose]();
    await this.cameras.closeAll();
    await this.vision?.close();
    await new Promise<void>((resolve) => this.options.events.end(() => resolve()));
  }

  private readonly onError = (error: unknown): void => {
    this.options.logger.error({ err: error }, 'camera.failed');
  };

  private openCamera(assignment: Assignment): ChildCamera {
    return new ChildCamera({
      assignment,
      registry: this.registry,
      analysis: (settings, onEvent) => cameraAnalysis(settings, this.analysisTools(onEvent)),
      clips: {
        directory: this.options.settings.clipsDirectory,
        onClip: (eventId) => this.options.send({ type: 'clip', eventId }),
        onDropped: (eventId) => this.options.logger.warn({ eventId }, 'clip.dropped'),
      },
      onPicture: (header, jpeg) => {
        const key = `${header.cameraId}/${variantKey(header.variant)}`;
        const sentAtMs = this.options.machine.nowMs();
        this.pictures.write(key, encodeMessage({ ...header, sentAtMs }, jpeg));
      },
      onStatus: (camera) => this.options.send({ type: 'status', camera }),
      onError: this.onError,
    });
  }

  private analysisTools(onReported: (event: WorkerEvent) => void): AnalysisTools {
    const { vision, turns, onError } = this;
    return {
      vision,
      turns,
      hasLease: () => this.cameras.hasLease,
      onError,
      // Never dropped: the worker reads this pipe as long as it lives, and pauses the analysis when it must.
      onEvent: (event, snapshot) => {
        this.options.events.write(encodeMessage(event, snapshot));
        onReported(event);
      },
    };
  }

  private get taskTools(): TaskTools {
    return { cameras: this.cameras, settings: this.options.settings, vision: this.vision };
  }

  private pong(sequence: number): void {
    const { user, system } = process.cpuUsage();
    const figures = {
      rssBytes: process.memoryUsage.rss(),
      cpuSeconds: (user + system) / 1e6,
      eventLoopLagMs: this.pulse.takeLagMs(),
      analysis: this.turns.counts,
      modelSeconds: (this.vision?.timings.modelMs ?? 0) / 1000,
      inferenceSeconds: (this.vision?.timings.totalMs ?? 0) / 1000,
    };
    this.options.send({ type: 'pong', sequence, figures });
  }

  private async runTask({ taskId, task }: Extract<ToChild, { type: 'task' }>): Promise<void> {
    try {
      const value = await runTask(task, this.taskTools);
      this.options.send({ type: 'task-done', taskId, value });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL_ERROR';
      if (code === 'INTERNAL_ERROR') this.onError(error);
      const message = error instanceof Error ? error.message : 'It failed.';
      this.options.send({ type: 'task-failed', taskId, error: { code, message } });
    }
  }
}
