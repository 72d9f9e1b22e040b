-- Of a camera's rows that have not ended, one at most owns it: what bears `releasing` still does.
DROP INDEX assignments_one_owner;
CREATE UNIQUE INDEX assignments_one_owner ON assignments (camera_id)
  WHERE state IN ('assigned', 'running', 'releasing');
-- Who holds a camera, among all who ever did.
CREATE INDEX assignments_open ON assignments (camera_id) WHERE ended_at IS NULL;
-- The moves under way: a handful, looked for several times a second.
CREATE INDEX assignments_moving ON assignments (camera_id) WHERE state IN ('standby', 'releasing');

-- What decoding the camera takes, learned from its reports; null: nobody has seen it stream.
ALTER TABLE cameras ADD COLUMN pixels_per_second double precision;
