-- append_events(jsonb, real[]) took its place.
DROP FUNCTION append_events(jsonb);
