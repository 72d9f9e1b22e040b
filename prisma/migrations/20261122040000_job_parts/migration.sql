-- What a job has found by now, piece by piece: each is sent once, and read when the result is stored. They hold what faces
-- look like, as checkpoints do: both are gone when the job is over, or begun anew.
CREATE TABLE vision_job_parts (
  job_id bigint NOT NULL REFERENCES vision_jobs ON DELETE CASCADE,
  index integer NOT NULL CHECK (index >= 0),
  -- Of `raw_response` as it was sent.
  bytes integer NOT NULL,
  raw_response jsonb NOT NULL,
  PRIMARY KEY (job_id, index)
);

CREATE FUNCTION forget_job_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM vision_job_parts WHERE job_id = NEW.id;
  RETURN NULL;
END
$$;
CREATE TRIGGER forget_job_parts AFTER UPDATE OF state, run ON vision_jobs
  FOR EACH ROW WHEN (NEW.state IN ('done', 'dead') OR NEW.run <> OLD.run) EXECUTE FUNCTION forget_job_parts();

-- How many parts were too large to stand in `raw_response` together.
ALTER TABLE vision_results ADD COLUMN parts_left_out integer NOT NULL DEFAULT 0;
