-- The fleet's latest moves are read without going through every camera's history.
CREATE INDEX assignments_moved ON assignments (tenant_id, ended_at DESC, camera_id DESC)
  WHERE ended_at IS NOT NULL AND reason IS NOT NULL;

-- Events outlive their camera, and so does the name that they are told by.
CREATE TABLE former_cameras (
  id text PRIMARY KEY,
  tenant_id text NOT NULL,
  name text NOT NULL,
  deleted_at timestamptz(3) NOT NULL DEFAULT now()
);
