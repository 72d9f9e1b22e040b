-- What retention looks for each hour, of each tenant.
CREATE INDEX snapshots_tenant_id_created_at_idx ON snapshots (tenant_id, created_at);
CREATE INDEX video_tracks_pictured ON video_tracks (video_id) WHERE key IS NOT NULL;
