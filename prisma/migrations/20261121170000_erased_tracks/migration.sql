-- Tracks of people who were erased: what a worker still sends of them is stored without how they look.
CREATE TABLE erased_tracks (
  tenant_id text NOT NULL,
  track_id text NOT NULL,
  erased_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, track_id)
);
CREATE INDEX erased_tracks_erased ON erased_tracks (erased_at);
