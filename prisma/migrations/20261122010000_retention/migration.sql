-- For how long a tenant's things are kept, in days; null: until somebody deletes them.
CREATE TABLE retention_rules (
  tenant_id text PRIMARY KEY,
  uploads_days integer CHECK (uploads_days > 0),
  frames_days integer CHECK (frames_days > 0),
  snapshots_days integer CHECK (snapshots_days > 0),
  events_days integer CHECK (events_days > 0)
);

-- Pictures that may go, oldest first; and whether an event refers to a file.
CREATE INDEX events_pictured ON events (tenant_id, sequence) WHERE snapshot_key IS NOT NULL;
CREATE INDEX events_picture ON events (snapshot_key) WHERE snapshot_key IS NOT NULL;
CREATE INDEX person_faces_crop ON person_faces (crop_key) WHERE crop_key IS NOT NULL;
CREATE INDEX video_frames_key ON video_frames (key);
CREATE INDEX video_tracks_key ON video_tracks (key) WHERE key IS NOT NULL;
CREATE INDEX videos_thumbnail ON videos (thumbnail_key) WHERE thumbnail_key IS NOT NULL;

-- Of these files those that no row refers to (any more).
CREATE FUNCTION unreferenced_files(keys text[]) RETURNS SETOF text LANGUAGE sql STABLE AS $$
  SELECT DISTINCT k FROM unnest(keys) k
  WHERE NOT EXISTS (SELECT 1 FROM events WHERE snapshot_key = k)
    AND NOT EXISTS (SELECT 1 FROM person_faces WHERE crop_key = k)
    AND NOT EXISTS (SELECT 1 FROM video_frames WHERE key = k)
    AND NOT EXISTS (SELECT 1 FROM video_tracks WHERE key = k)
    AND NOT EXISTS (SELECT 1 FROM snapshots WHERE key = k)
    AND NOT EXISTS (SELECT 1 FROM image_analyses WHERE snapshot_s3_key = k)
    AND NOT EXISTS (SELECT 1 FROM videos WHERE raw_key = k)
    AND NOT EXISTS (SELECT 1 FROM videos WHERE thumbnail_key = k)
$$;
