import {
  Analysis,
  Output,
  type Camera,
  type EventView,
  type StreamStatus,
  type TrackView,
  type WorkerView,
} from '@camfleet/protocol';

export function faceEvent(event: Partial<EventView> & { sequence: number }): EventView {
  return {
    id: `event-${event.sequence}`,
    type: 'face',
    cameraId: 'camera-1',
    occurredAt: '2026-01-01T10:00:00.000Z',
    receivedAt: '2026-01-01T10:00:00.100Z',
    trackId: 'track-1',
    state: 'new',
    score: 0.9,
    box: [0, 0, 0.1, 0.1],
    data: {},
    ...event,
  };
}

export function streamStatus(status: Partial<StreamStatus> = {}): StreamStatus {
  return {
    state: 'streaming',
    desired: 'running',
    workerId: 'worker-1',
    epoch: 1,
    fps: 15,
    width: 1280,
    height: 720,
    codec: 'h264',
    lastFrameAt: null,
    viewers: 0,
    restarts: 0,
    ...status,
  };
}

export function camera(change: Partial<Camera> = {}): Camera {
  return {
    id: 'camera-1',
    name: 'Door',
    number: null,
    code: null,
    section: null,
    siteId: null,
    labels: {},
    source: { url: 'rtsp://10.0.0.1/live', hasPassword: false },
    require: {},
    prefer: {},
    priority: 50,
    analysis: Analysis.parse({}),
    zones: [],
    output: Output.parse({}),
    desired: 'running',
    stream: streamStatus(),
    createdAt: '2026-01-01T10:00:00.000Z',
    updatedAt: '2026-01-01T10:00:00.000Z',
    ...change,
  };
}

export function workerView(change: Partial<WorkerView> & { id: string }): WorkerView {
  return {
    name: change.id,
    state: 'online',
    siteId: null,
    labels: {},
    load: { cpu: 0.1, memory: 0.1 },
    capacity: { cameras: 10 },
    cameras: [],
    models: [],
    analyses: [],
    hardware: null,
    lastHeartbeatAt: '2026-01-01T10:00:00.000Z',
    drainWanted: false,
    version: '0.1.0',
    ...change,
  };
}

export function trackView(change: Partial<TrackView> = {}): TrackView {
  return {
    trackId: 1,
    analysis: 'objects',
    label: 'person',
    score: 0.9,
    startMs: 0,
    endMs: 1_000,
    boxes: [],
    eventTrackId: 'video-1:1',
    ...change,
  };
}
