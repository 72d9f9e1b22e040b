CREATE TABLE tenants (
  id text PRIMARY KEY,
  name text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
INSERT INTO tenants (id, name) VALUES ('default', 'Default');

CREATE TABLE users (
  id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  username text NOT NULL UNIQUE,
  password_hash text NOT NULL,
  role text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE sessions (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  expires_at timestamptz(3) NOT NULL
);

CREATE TABLE api_keys (
  id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  name text NOT NULL,
  role text NOT NULL,
  key_hash text NOT NULL UNIQUE,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  last_used_at timestamptz(3)
);

CREATE TABLE workers (
  id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  instance_id text NOT NULL,
  name text NOT NULL,
  site_id text,
  public_url text NOT NULL,
  labels jsonb NOT NULL,
  capacity jsonb NOT NULL,
  models jsonb NOT NULL,
  analyses text[] NOT NULL,
  hardware jsonb,
  version text NOT NULL,
  state text NOT NULL,
  secret text NOT NULL,
  revision integer NOT NULL DEFAULT 0,
  load jsonb,
  report jsonb NOT NULL DEFAULT '[]',
  outbox jsonb,
  last_heartbeat_at timestamptz(3),
  lease_until timestamptz(3),
  registered_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX workers_tenant ON workers (tenant_id);

CREATE TABLE cameras (
  id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  name text NOT NULL,
  number integer,
  code text,
  section text,
  site_id text,
  labels jsonb NOT NULL,
  source_url text NOT NULL,
  source_sealed_url text,
  source_username text,
  source_password text,
  source_options jsonb NOT NULL,
  require jsonb NOT NULL,
  prefer jsonb NOT NULL,
  priority integer NOT NULL,
  analysis jsonb NOT NULL,
  zones jsonb NOT NULL,
  output jsonb NOT NULL,
  desired text NOT NULL DEFAULT 'stopped',
  epoch integer NOT NULL DEFAULT 0,
  reason text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX cameras_page ON cameras (tenant_id, created_at, id);
CREATE INDEX cameras_running ON cameras (priority DESC, id) WHERE desired = 'running';

CREATE TABLE assignments (
  camera_id text NOT NULL,
  epoch integer NOT NULL,
  tenant_id text NOT NULL,
  worker_id text NOT NULL,
  state text NOT NULL,
  reason text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  ended_at timestamptz(3),
  PRIMARY KEY (camera_id, epoch)
);
CREATE INDEX assignments_held ON assignments (worker_id) WHERE ended_at IS NULL;
-- One owner: of a camera's rows that have not ended, one at most may serve.
CREATE UNIQUE INDEX assignments_one_owner ON assignments (camera_id) WHERE state IN ('assigned', 'running');

CREATE TABLE commands (
  id text PRIMARY KEY,
  tenant_id text NOT NULL,
  worker_id text NOT NULL,
  camera_id text,
  type text NOT NULL,
  epoch integer,
  revision integer NOT NULL,
  state text NOT NULL DEFAULT 'queued',
  attempts integer NOT NULL DEFAULT 0,
  error text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3) NOT NULL,
  delivered_at timestamptz(3),
  finished_at timestamptz(3)
);
CREATE INDEX commands_open ON commands (worker_id) WHERE finished_at IS NULL;

-- Who places holds this row for the length of the transaction: one placing at a time.
CREATE TABLE placement_leader (
  id boolean PRIMARY KEY DEFAULT true CHECK (id)
);
INSERT INTO placement_leader DEFAULT VALUES;

CREATE TABLE events (
  id text PRIMARY KEY,
  sequence bigserial NOT NULL UNIQUE,
  tenant_id text NOT NULL,
  type text NOT NULL,
  camera_id text,
  video_id text,
  worker_id text,
  epoch integer,
  occurred_at timestamptz(3) NOT NULL,
  received_at timestamptz(3) NOT NULL DEFAULT now(),
  track_id text,
  state text,
  label text,
  score double precision,
  box double precision[] NOT NULL DEFAULT '{}',
  quality jsonb,
  person_id text,
  snapshot_key text,
  model text,
  model_version text,
  embedding real[] NOT NULL DEFAULT '{}',
  data jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX events_sequence ON events (tenant_id, sequence);
CREATE INDEX events_camera ON events (tenant_id, camera_id, sequence);
CREATE INDEX events_occurred ON events (tenant_id, occurred_at);
CREATE INDEX events_track ON events (track_id);

-- Numbers and inserts a batch under one lock, in one call: a row that is visible has no lower number
-- still to come, which a plain bigserial cannot promise. Answers the ids that were new.
CREATE FUNCTION append_events(batch jsonb) RETURNS TABLE (new_id text, new_sequence bigint)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7270001);
  RETURN QUERY
    INSERT INTO events AS e (
      id, tenant_id, type, camera_id, video_id, worker_id, epoch, occurred_at, track_id, state, label, score,
      box, quality, snapshot_key, model, model_version, embedding, data
    )
    SELECT b.id, b.tenant_id, b.type, b.camera_id, b.video_id, b.worker_id, b.epoch, b.occurred_at, b.track_id,
      b.state, b.label, b.score, coalesce(b.box, '{}'), b.quality, b.snapshot_key, b.model, b.model_version,
      coalesce(b.embedding, '{}'), coalesce(b.data, '{}')
    FROM ROWS FROM (
      jsonb_to_recordset(batch) AS (
        id text, tenant_id text, type text, camera_id text, video_id text, worker_id text, epoch integer,
        occurred_at timestamptz, track_id text, state text, label text, score double precision,
        box double precision[], quality jsonb, snapshot_key text, model text, model_version text,
        embedding real[], data jsonb
      )
    ) WITH ORDINALITY AS b
    ORDER BY b.ordinality
    ON CONFLICT (id) DO NOTHING
    RETURNING e.id, e.sequence;
  PERFORM pg_notify('camfleet_events', coalesce((SELECT max(sequence) FROM events), 0)::text);
END
$$;
