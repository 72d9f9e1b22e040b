-- What was found in recordings. Rows of one analysis of a video are replaced together, by its newest result.
CREATE TABLE video_frames (
  video_id text NOT NULL REFERENCES videos ON DELETE CASCADE,
  index integer NOT NULL,
  timestamp_ms integer NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  key text NOT NULL,
  PRIMARY KEY (video_id, index)
);

CREATE TABLE video_tracks (
  video_id text NOT NULL REFERENCES videos ON DELETE CASCADE,
  analysis text NOT NULL CHECK (analysis IN ('objects', 'faces')),
  track_id integer NOT NULL,
  tenant_id text NOT NULL REFERENCES tenants,
  label text NOT NULL,
  score double precision NOT NULL,
  start_ms integer NOT NULL,
  end_ms integer NOT NULL,
  boxes jsonb NOT NULL,
  event_track_id text NOT NULL,
  key text,
  PRIMARY KEY (video_id, analysis, track_id)
);
CREATE INDEX video_tracks_event ON video_tracks (event_track_id);

CREATE TABLE snapshots (
  key text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  video_id text NOT NULL REFERENCES videos ON DELETE CASCADE,
  track_id integer NOT NULL,
  offset_ms integer NOT NULL,
  label text NOT NULL,
  score double precision NOT NULL,
  box double precision[] NOT NULL,
  sharpness double precision NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (video_id, track_id)
);

CREATE INDEX events_video ON events (video_id) WHERE video_id IS NOT NULL;

-- Events that are stored with something else, in one transaction: they are numbered at its very end, within COMMIT,
-- so that the lock of `append_events` is never held while a client thinks.
CREATE TABLE deferred_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  batch jsonb NOT NULL,
  vectors real[] NOT NULL
);
CREATE FUNCTION append_deferred_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM append_events(NEW.batch, NEW.vectors);
  DELETE FROM deferred_events WHERE id = NEW.id;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER append_deferred_events AFTER INSERT ON deferred_events
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION append_deferred_events();

-- A face's vector is with its event alone, from which it can be erased: what a worker answered is kept without it.
CREATE FUNCTION without_embeddings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF jsonb_typeof(NEW.raw_response -> 'tracks') = 'array' THEN
    NEW.raw_response := jsonb_set(NEW.raw_response, '{tracks}', coalesce(
      (SELECT jsonb_agg(t - 'embedding' ORDER BY n)
        FROM jsonb_array_elements(NEW.raw_response -> 'tracks') WITH ORDINALITY AS tracks (t, n)
        WHERE jsonb_typeof(t) = 'object'),
      '[]'));
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER without_embeddings BEFORE INSERT OR UPDATE OF raw_response ON vision_results
  FOR EACH ROW WHEN (NEW.analysis_type = 'faces') EXECUTE FUNCTION without_embeddings();
