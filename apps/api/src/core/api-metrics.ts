import { Counter, Gauge, createMetrics } from '@camfleet/telemetry';
import { Injectable } from '@nestjs/common';

/** The API's own figures, at `/metrics`. */
@Injectable()
export class ApiMetrics {
  readonly registry = createMetrics({ service: 'api' });

  readonly eventsStored = new Counter({
    name: 'camfleet_events_stored_total',
    help: 'Events stored, by type.',
    labelNames: ['type'],
    registers: [this.registry],
  });
  readonly eventsRejected = new Counter({
    name: 'camfleet_events_rejected_total',
    help: 'Events refused, by code.',
    labelNames: ['code'],
    registers: [this.registry],
  });
  readonly viewers = new Gauge({
    name: 'camfleet_viewers',
    help: 'Viewers of live video served by this replica.',
    registers: [this.registry],
  });
  readonly upstreams = new Gauge({
    name: 'camfleet_upstreams',
    help: 'Connections to workers that viewers are served from: one per camera and variant.',
    registers: [this.registry],
  });
  readonly viewerFramesDropped = new Counter({
    name: 'camfleet_viewer_frames_dropped_total',
    help: 'Pictures that a slow viewer did not get because a newer one had come.',
    registers: [this.registry],
  });
  readonly camerasPlaced = new Counter({
    name: 'camfleet_cameras_placed_total',
    help: 'Cameras given to a worker.',
    registers: [this.registry],
  });
  readonly workersLost = new Counter({
    name: 'camfleet_workers_lost_total',
    help: 'Workers whose lease ended or whose process was gone.',
    registers: [this.registry],
  });
}
