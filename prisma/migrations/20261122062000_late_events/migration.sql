-- Of a long video there are a hundred thousand events: numbered within one COMMIT they would keep everybody else's out for
-- half a minute. Rows that name their video stay, and are numbered one by one afterwards.
ALTER TABLE deferred_events
  ADD COLUMN video_id text REFERENCES videos ON DELETE CASCADE,
  ADD COLUMN analysis text;
CREATE INDEX deferred_events_late ON deferred_events (video_id, analysis) WHERE video_id IS NOT NULL;

DROP TRIGGER append_deferred_events ON deferred_events;
CREATE CONSTRAINT TRIGGER append_deferred_events AFTER INSERT ON deferred_events
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.video_id IS NULL) EXECUTE FUNCTION append_deferred_events();

-- True when there was one. The video's row comes first, as with whoever deletes it or stores a result of it; what they
-- hold is left for later.
CREATE FUNCTION append_late_events() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  late deferred_events;
BEGIN
  SELECT d.* INTO late FROM deferred_events d JOIN videos v ON v.id = d.video_id
    ORDER BY d.id LIMIT 1 FOR SHARE OF v SKIP LOCKED;
  IF late.id IS NULL THEN
    RETURN false;
  END IF;
  DELETE FROM deferred_events WHERE id = late.id;
  IF FOUND THEN
    PERFORM append_events(late.batch, late.vectors);
  END IF;
  RETURN true;
END
$$;
