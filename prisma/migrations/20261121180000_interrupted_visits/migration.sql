-- Visits of epochs that have ended, and have no end: found without reading everything that was ever seen.
CREATE INDEX events_begun ON events (camera_id, epoch) WHERE state = 'new';
CREATE INDEX assignments_ended ON assignments (ended_at) WHERE ended_at IS NOT NULL;
