-- What whoever sent a video asked to be looked for in it: it becomes jobs as soon as a worker has looked at the file.
ALTER TABLE videos ADD COLUMN wanted_analyses text[] NOT NULL DEFAULT '{}';
CREATE INDEX videos_wanting ON videos (uploaded_at) WHERE wanted_analyses <> '{}';
