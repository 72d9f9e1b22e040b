import { Counter, Gauge, Histogram, createMetrics } from '@camfleet/telemetry';
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

  readonly jobs = new Gauge({
    name: 'camfleet_jobs',
    help: 'Jobs that are not done, by type and state; of the whole fleet, as every replica counts them.',
    labelNames: ['type', 'state'],
    registers: [this.registry],
  });
  readonly jobsClaimed = new Counter({
    name: 'camfleet_jobs_claimed_total',
    help: 'Jobs given to a worker, by type.',
    labelNames: ['type'],
    registers: [this.registry],
  });
  readonly claimsWaiting = new Gauge({
    name: 'camfleet_claims_waiting',
    help: 'Claims that wait for a job at this replica.',
    registers: [this.registry],
  });
  readonly jobsDone = new Counter({
    name: 'camfleet_jobs_done_total',
    help: 'Jobs whose result was stored, by type.',
    labelNames: ['type'],
    registers: [this.registry],
  });
  readonly jobsFailed = new Counter({
    name: 'camfleet_jobs_failed_total',
    help: 'Attempts that failed, by type and by what became of the job: `queued` again, or `dead`.',
    labelNames: ['type', 'state'],
    registers: [this.registry],
  });
  readonly jobDuration = new Histogram({
    name: 'camfleet_job_duration_seconds',
    help: 'What jobs took, as their workers say, by type.',
    labelNames: ['type'],
    buckets: [0.1, 1, 5, 15, 60, 300, 900, 3600, 14400],
    registers: [this.registry],
  });
}
