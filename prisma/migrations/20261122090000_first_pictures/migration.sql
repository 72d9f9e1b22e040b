-- Sound may begin before the first picture, and players count from there.
ALTER TABLE videos ADD COLUMN first_picture_ms DOUBLE PRECISION NOT NULL DEFAULT 0;
