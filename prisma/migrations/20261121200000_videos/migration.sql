-- A tenant's workspace: its id stands in the keys of files, its code in the names of snapshots.
CREATE SEQUENCE workspace_codes START 1001;
ALTER TABLE tenants
  ADD COLUMN workspace_id text NOT NULL UNIQUE DEFAULT gen_random_uuid()::text,
  ADD COLUMN workspace_code text NOT NULL UNIQUE DEFAULT 'CTX' || nextval('workspace_codes'),
  -- What a tenant's videos may take: null is the default.
  ADD COLUMN quota_bytes bigint,
  ADD COLUMN quota_videos_per_day integer;
ALTER SEQUENCE workspace_codes OWNED BY tenants.workspace_code;

CREATE TABLE videos (
  id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  workspace_id text NOT NULL,
  file_name text NOT NULL,
  content_type text NOT NULL,
  raw_key text NOT NULL UNIQUE,
  -- `receiving` while its bytes come: then nobody sees it.
  status text NOT NULL DEFAULT 'receiving',
  progress double precision NOT NULL DEFAULT 0,
  size_bytes bigint NOT NULL,
  duration_ms double precision,
  fps double precision,
  codec text,
  width integer,
  height integer,
  thumbnail_key text,
  error_code text,
  error_message text,
  recorded_at timestamptz(3),
  camera_code text,
  workspace_code text,
  -- When a worker has looked at what is in it. Before, nothing is queued.
  checked_at timestamptz(3),
  -- Until when the bytes of a video that is being received may come.
  expires_at timestamptz(3),
  -- One request at a time writes the bytes: who, until when, and whether another one asks for its place.
  writer text,
  writer_until timestamptz(3),
  writer_wanted boolean NOT NULL DEFAULT false,
  -- The event of its end has been stored.
  told boolean NOT NULL DEFAULT true,
  -- Grows with each time that its processing begins again.
  run integer NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  uploaded_at timestamptz(3)
);
CREATE INDEX videos_tenant ON videos (tenant_id, created_at, id);
CREATE INDEX videos_receiving ON videos (expires_at) WHERE status = 'receiving';
CREATE INDEX videos_unchecked ON videos (uploaded_at) WHERE checked_at IS NULL AND status = 'uploaded';
CREATE INDEX videos_untold ON videos (id) WHERE NOT told;

CREATE TABLE video_logs (
  id bigserial PRIMARY KEY,
  video_id text NOT NULL REFERENCES videos ON DELETE CASCADE,
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  level text NOT NULL DEFAULT 'info',
  event text NOT NULL,
  data jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX video_logs_video ON video_logs (video_id, id);
