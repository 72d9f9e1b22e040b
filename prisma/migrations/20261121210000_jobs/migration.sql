-- Work that any worker may claim. One row for each (event, analysis).
CREATE TABLE vision_jobs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  event_id text NOT NULL,
  video_id text,
  -- The video's status and progress follow this job.
  advances_video boolean NOT NULL DEFAULT false,
  analysis_type text NOT NULL,
  params jsonb NOT NULL DEFAULT '{}',
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'leased', 'done', 'dead')),
  -- Grows each time it is asked for with other parameters.
  run integer NOT NULL DEFAULT 1,
  attempt_count integer NOT NULL DEFAULT 0,
  max_attempts integer NOT NULL DEFAULT 3,
  -- When it may be claimed: queued ones when they were asked for or may be tried again, leased ones when the lease
  -- ends. null: never.
  due_at timestamptz(3) DEFAULT now() CHECK ((due_at IS NULL) = (state IN ('done', 'dead'))),
  -- Until then the workers that registered leave it to others.
  reserved_until timestamptz(3),
  locked_by text,
  locked_at timestamptz(3),
  lease_token text,
  progress double precision NOT NULL DEFAULT 0,
  progressed_at timestamptz(3),
  checkpoint jsonb,
  -- Leases of this run that ended with nobody saying anything.
  expired_count integer NOT NULL DEFAULT 0,
  last_error text,
  next_retry_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  finished_at timestamptz(3),
  UNIQUE (event_id, analysis_type)
);
-- Whoever claims looks for what is due, tenant by tenant.
CREATE INDEX vision_jobs_due ON vision_jobs (tenant_id, analysis_type, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX vision_jobs_leased ON vision_jobs (due_at) WHERE state = 'leased';
CREATE INDEX vision_jobs_dead ON vision_jobs (tenant_id, id) WHERE state = 'dead';
CREATE INDEX vision_jobs_page ON vision_jobs (tenant_id, id);
CREATE INDEX vision_jobs_video ON vision_jobs (video_id) WHERE video_id IS NOT NULL;

-- What workers answered, as they answered it.
CREATE TABLE vision_results (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  job_id bigint NOT NULL REFERENCES vision_jobs ON DELETE CASCADE,
  run integer NOT NULL,
  event_id text NOT NULL,
  analysis_type text NOT NULL,
  worker_id text NOT NULL,
  model text NOT NULL,
  version text NOT NULL,
  hash text,
  duration_ms double precision,
  raw_response jsonb NOT NULL,
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (event_id, analysis_type, model, version)
);
CREATE INDEX vision_results_job ON vision_results (job_id);
CREATE INDEX vision_results_page ON vision_results (tenant_id, id);
