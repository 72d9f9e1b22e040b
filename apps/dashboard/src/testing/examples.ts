import type { EventView, StreamStatus } from '@camfleet/protocol';

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
