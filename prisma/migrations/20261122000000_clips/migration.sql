-- The clip of an event is a video that no list of uploads shows; and the trace that a video's way belongs to.
ALTER TABLE videos ADD COLUMN event_id text, ADD COLUMN traceparent text;
CREATE UNIQUE INDEX videos_event ON videos (event_id) WHERE event_id IS NOT NULL;
