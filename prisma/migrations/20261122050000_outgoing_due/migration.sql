-- When a message may be sent: whoever sends it pushes this ahead for as long as that may take, and a failure does likewise.
ALTER TABLE outgoing_messages ADD COLUMN due_at timestamptz(3) NOT NULL DEFAULT now();
DROP INDEX outgoing_messages_pending;
CREATE INDEX outgoing_messages_due ON outgoing_messages (due_at, created_at, id) WHERE state = 'pending';

-- Those that were left without a word again and again, without a look at all that wait.
CREATE INDEX vision_jobs_expiring ON vision_jobs (tenant_id, id) WHERE due_at IS NOT NULL AND expired_count >= 2;
