-- Which API replicas live: each renews its row every second, and takes it away when it stops.
CREATE TABLE api_replicas (
  id text PRIMARY KEY,
  url text NOT NULL,
  seen_at timestamptz(3) NOT NULL DEFAULT now()
);

-- What readers would see of the stored report as a change, in short: a heartbeat that says the same again
-- renews the lease and writes no report.
ALTER TABLE workers ADD COLUMN report_digest text;
-- Every row is renewed each second: room in its page keeps the new version there, and no index is touched.
-- The wide columns lie outside the row, and a renewal does not copy them.
ALTER TABLE workers SET (fillfactor = 50, toast_tuple_target = 512);
ALTER TABLE workers ALTER COLUMN report SET STORAGE EXTERNAL;

-- Asked at every heartbeat: is anything still to be confirmed?
CREATE INDEX assignments_unconfirmed ON assignments (worker_id) WHERE state = 'assigned';
