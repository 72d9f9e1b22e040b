import { randomBytes } from 'node:crypto';
import type { Clip } from '../clip/clip';
import { CLOCK_HZ, type FramePackets, stamp } from '../rtp/h264-packets';
import { senderReport } from '../rtp/sender-report';
import type { Credentials } from '../rtsp/digest';
import { ENDS_SESSIONS, type Fault } from './fault';
import { noisePackets, wrongTimestampOffset } from './noise';

/** Someone who plays this camera. RTP goes to `channel`, RTCP to the next one. */
export interface Viewer {
  channel: number;
  /** May drop what it cannot take; false when it did. */
  send(packets: Buffer, kind: 'keyframe' | 'frame' | 'report'): boolean;
  end(): void;
}

export interface CameraStatus {
  path: string;
  fault: Fault;
  viewers: number;
  framesSent: number;
  framesDropped: number;
}

interface CameraOptions {
  path: string;
  clip: Clip;
  /** Shown while the fault is `resolution`. */
  otherClip?: Clip | undefined;
  credentials?: Credentials | undefined;
  startOffsetMs: number;
}

const REPORT_INTERVAL_MS = 5000;
/** After a longer pause of this process the picture jumps on, as a live one would. */
const MAX_BACKLOG_MS = 1000;

/**
 * A camera: a clip that runs on by the clock whether or not someone watches. All viewers get the same packets,
 * as from a multicast address, so a viewer more costs one write a picture.
 */
export class Camera {
  readonly path: string;
  readonly credentials: Credentials | undefined;
  private readonly viewers = new Set<Viewer>();
  private readonly ssrc = randomBytes(4).readUInt32BE();
  private readonly timestampBase = randomBytes(4).readUInt32BE();
  private readonly startedAtMs: number;
  private current: Fault = 'none';
  private playing: Clip;
  /** The frame number at which `playing` began; frame numbers themselves never go back. */
  private playingSince = 0;
  private nextFrame = 0;
  private sequence = randomBytes(2).readUInt16BE();
  private packets = 0;
  private payloadBytes = 0;
  private framesSent = 0;
  private framesDropped = 0;
  private reportDueMs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: CameraOptions) {
    this.path = options.path;
    this.credentials = options.credentials;
    this.playing = options.clip;
    this.startedAtMs = performance.now() - options.startOffsetMs;
  }

  get clip(): Clip {
    return this.playing;
  }

  get activeFault(): Fault {
    return this.current;
  }

  /** @throws Error for `resolution` on a camera that was given no second clip. */
  fault(fault: Fault): void {
    const { clip, otherClip } = this.options;
    if (fault === 'resolution' && !otherClip) throw new Error(`${this.path} has no second clip.`);
    this.current = fault === 'drop' ? 'none' : fault;
    const playing = fault === 'resolution' && otherClip ? otherClip : clip;
    if (playing !== this.playing) {
      this.playing = playing;
      this.playingSince = this.nextFrame;
    }
    if (ENDS_SESSIONS.has(fault)) for (const viewer of [...this.viewers]) viewer.end();
  }

  /** Sequence number and RTP time of the next packet, for the answer to PLAY. */
  position(): { sequence: number; timestamp: number } {
    if (this.viewers.size === 0) this.nextFrame = this.frameAt(performance.now());
    return { sequence: this.sequence, timestamp: this.timestampOf(this.nextFrame) };
  }

  /** Sends frames to the viewer, from the next one on, until the returned function is called. */
  attach(viewer: Viewer): () => void {
    this.viewers.add(viewer);
    if (!this.timer) this.schedule();
    this.report(viewer);
    return () => {
      this.viewers.delete(viewer);
      if (this.viewers.size > 0) return;
      clearTimeout(this.timer);
      this.timer = undefined;
    };
  }

  status(): CameraStatus {
    const { path, current: fault, framesSent, framesDropped } = this;
    return { path, fault, viewers: this.viewers.size, framesSent, framesDropped };
  }

  close(): void {
    for (const viewer of [...this.viewers]) viewer.end();
    clearTimeout(this.timer);
  }

  private schedule(): void {
    // After a time without viewers `tick` catches up with the clock.
    const delayMs = this.dueMs(this.nextFrame) - performance.now();
    this.timer = setTimeout(() => this.tick(), Math.max(0, delayMs));
  }

  private tick(): void {
    const nowMs = performance.now();
    if (nowMs - this.dueMs(this.nextFrame) > MAX_BACKLOG_MS) this.nextFrame = this.frameAt(nowMs);
    while (this.dueMs(this.nextFrame) <= nowMs) {
      if (this.current !== 'stall') this.sendFrame(this.nextFrame);
      this.nextFrame++;
    }
    if (nowMs >= this.reportDueMs && this.current !== 'stall') {
      this.reportDueMs = nowMs + REPORT_INTERVAL_MS;
      for (const viewer of this.viewers) this.report(viewer);
    }
    if (this.viewers.size > 0) this.schedule();
  }

  private sendFrame(number: number): void {
    const { frames } = this.playing;
    const frame = frames[(number - this.playingSince) % frames.length];
    if (!frame) return;
    const stamped = new Map<number, Buffer>();
    for (const viewer of this.viewers) {
      const packets = stamped.get(viewer.channel) ?? this.stampFor(viewer.channel, frame);
      stamped.set(viewer.channel, packets);
      if (viewer.send(packets, frame.isKeyframe ? 'keyframe' : 'frame')) this.framesSent++;
      else this.framesDropped++;
    }
    this.sequence = (this.sequence + frame.offsets.length) & 0xffff;
    this.packets += frame.offsets.length;
    this.payloadBytes += frame.payloadBytes;
  }

  private stampFor(channel: number, frame: FramePackets): Buffer {
    const skew =
      this.current === 'timestamps' ? wrongTimestampOffset(this.nextFrame, this.options.clip.fps) : 0;
    const timestamp = this.timestampOf(this.nextFrame) + skew;
    const packets = stamp(frame, { channel, sequence: this.sequence, timestamp, ssrc: this.ssrc });
    return this.current === 'garbage' ? noisePackets(packets, { frame, number: this.nextFrame }) : packets;
  }

  private report(viewer: Viewer): void {
    const { ssrc, packets, payloadBytes } = this;
    const elapsedS = (performance.now() - this.startedAtMs) / 1000;
    const timestamp = (this.timestampBase + Math.round(elapsedS * CLOCK_HZ)) % 2 ** 32;
    const state = { ssrc, timestamp, wallClockMs: Date.now(), packets, payloadBytes };
    viewer.send(senderReport(viewer.channel + 1, state), 'report');
  }

  /** 32 bits, and going on over the loop: players take a step back for a new stream. */
  private timestampOf(frameNumber: number): number {
    return (this.timestampBase + Math.round((frameNumber * CLOCK_HZ) / this.options.clip.fps)) % 2 ** 32;
  }

  private dueMs(frameNumber: number): number {
    return this.startedAtMs + (frameNumber * 1000) / this.options.clip.fps;
  }

  private frameAt(nowMs: number): number {
    return Math.ceil(((nowMs - this.startedAtMs) * this.options.clip.fps) / 1000);
  }
}
