-- When somebody last tried to look at a video that waits for it: tenants take turns, and the videos of each.
ALTER TABLE videos ADD COLUMN check_tried_at timestamptz(3);
