-- As append_events(jsonb), with the embeddings apart: all of the batch end to end, each event saying where its own
-- begins and how long it is. Numbers as JSON cost more than all the rest of an event.
CREATE FUNCTION append_events(batch jsonb, vectors real[]) RETURNS TABLE (new_id text, new_sequence bigint)
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
      CASE WHEN b.vector_length > 0 THEN vectors[b.vector_start : b.vector_start + b.vector_length - 1] ELSE '{}' END,
      coalesce(b.data, '{}')
    FROM ROWS FROM (
      jsonb_to_recordset(batch) AS (
        id text, tenant_id text, type text, camera_id text, video_id text, worker_id text, epoch integer,
        occurred_at timestamptz, track_id text, state text, label text, score double precision,
        box double precision[], quality jsonb, snapshot_key text, model text, model_version text,
        vector_start integer, vector_length integer, data jsonb
      )
    ) WITH ORDINALITY AS b
    ORDER BY b.ordinality
    ON CONFLICT (id) DO NOTHING
    RETURNING e.id, e.sequence;
  PERFORM pg_notify('camfleet_events', coalesce((SELECT max(sequence) FROM events), 0)::text);
END
$$;
