-- One row a snapshot that the second stage is to look at. Keys, never URLs.
CREATE TABLE image_analyses (
  id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  video_id text NOT NULL REFERENCES videos ON DELETE CASCADE,
  snapshot_s3_key text NOT NULL UNIQUE,
  track_id integer NOT NULL,
  yolo_type text NOT NULL,
  status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'processing', 'done', 'error')),
  error text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX image_analyses_video ON image_analyses (tenant_id, video_id, track_id, id);

-- What each classifier (variant) says of it.
CREATE TABLE image_analysis_results (
  id text PRIMARY KEY,
  analysis_id text NOT NULL REFERENCES image_analyses ON DELETE CASCADE,
  variant text NOT NULL,
  type text,
  type_conf double precision,
  make text,
  make_conf double precision,
  model text,
  model_conf double precision,
  -- One to three of { finish, base, lightness, conf }, surest first.
  colors jsonb NOT NULL DEFAULT '[]',
  plate jsonb,
  -- Which file said so.
  classifier text NOT NULL,
  classifier_version text NOT NULL,
  classifier_sha256 text NOT NULL,
  latency_ms double precision NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (analysis_id, variant)
);

-- Messages to others: written in the transaction of what they tell, sent after it, at least once.
CREATE TABLE outgoing_messages (
  -- What it tells of (`SNAPSHOT_READY:{snapshot key}`): told once, however often it is found.
  id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  video_id text REFERENCES videos ON DELETE CASCADE,
  body jsonb NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent')),
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  sent_at timestamptz(3)
);
CREATE INDEX outgoing_messages_page ON outgoing_messages (tenant_id, created_at, id);
CREATE INDEX outgoing_messages_pending ON outgoing_messages (created_at, id) WHERE state = 'pending';
CREATE INDEX outgoing_messages_video ON outgoing_messages (video_id);

-- The analysis is where its job is, whoever moves the job.
CREATE FUNCTION follow_classification_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE image_analyses SET updated_at = now(),
    status = CASE NEW.state WHEN 'leased' THEN 'processing' WHEN 'done' THEN 'done' WHEN 'dead' THEN 'error'
      ELSE 'queued' END,
    error = CASE WHEN NEW.state = 'dead' THEN coalesce(NEW.last_error, 'The job has failed.') END
  WHERE id = NEW.event_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER follow_classification_job AFTER INSERT OR UPDATE OF state ON vision_jobs
  FOR EACH ROW WHEN (NEW.analysis_type = 'classification') EXECUTE FUNCTION follow_classification_job();
