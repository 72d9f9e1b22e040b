-- Kept because a user said whom a visit shows: taking the word back takes the face back.
ALTER TABLE person_faces ADD COLUMN by_word boolean NOT NULL DEFAULT false;
CREATE INDEX person_faces_track ON person_faces (tenant_id, track_id) WHERE track_id IS NOT NULL;
