-- Who was seen. Events never change: whom they show is joined when they are read, through their visit.
ALTER TABLE events DROP COLUMN person_id;

CREATE TABLE people (
  id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  name text NOT NULL,
  notes text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX people_page ON people (tenant_id, created_at, id);
CREATE INDEX people_changed ON people (changed_xid);

-- A face by which a person is known, or (negative) one that was said not to be theirs.
CREATE TABLE person_faces (
  id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  person_id text NOT NULL REFERENCES people ON DELETE CASCADE,
  event_id text,
  track_id text,
  quality jsonb NOT NULL DEFAULT '{}',
  crop_key text,
  model text NOT NULL,
  model_version text NOT NULL,
  embedding real[] NOT NULL,
  is_negative boolean NOT NULL DEFAULT false,
  -- The unknown visits have not been looked through for it yet.
  is_pending boolean NOT NULL DEFAULT true,
  -- `name@version` of a model that found no face in its picture.
  failed_model text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX person_faces_person ON person_faces (person_id);
CREATE INDEX person_faces_changed ON person_faces (changed_xid);
CREATE INDEX person_faces_pending ON person_faces (id) WHERE is_pending;

-- Visits of faces that nobody knows and that resemble each other. The id stays for as long as the group does.
CREATE TABLE unknown_groups (
  id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  model text NOT NULL,
  model_version text NOT NULL,
  -- The mean direction of its visits, length 1; `weight`: the length of their sum.
  embedding real[] NOT NULL,
  weight double precision NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX unknown_groups_page ON unknown_groups (tenant_id, created_at, id);
CREATE INDEX unknown_groups_changed ON unknown_groups (changed_xid);

-- One row a face track that has an embedding or was corrected.
CREATE TABLE face_visits (
  tenant_id text NOT NULL REFERENCES tenants,
  track_id text NOT NULL,
  camera_id text,
  first_at timestamptz(3) NOT NULL,
  last_at timestamptz(3) NOT NULL,
  best_event_id text,
  best_quality double precision NOT NULL DEFAULT 0,
  model text,
  model_version text,
  -- The mean of its embeddings, weighted by quality, length 1; `weight`: the length of their weighted sum.
  embedding real[] NOT NULL DEFAULT '{}',
  weight double precision NOT NULL DEFAULT 0,
  person_id text REFERENCES people ON DELETE SET NULL,
  person_score double precision,
  -- Whose word it is that `person_id` is right (or, by a user: that it is nobody known).
  decided_by text CHECK (decided_by IN ('consensus', 'user')),
  -- A user said that it is none of these.
  not_person_ids text[] NOT NULL DEFAULT '{}',
  group_id text REFERENCES unknown_groups ON DELETE SET NULL,
  -- To be judged anew: a user changed what it is judged by.
  is_pending boolean NOT NULL DEFAULT false,
  failed_model text,
  changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (tenant_id, track_id)
);
CREATE INDEX face_visits_person ON face_visits (person_id, last_at) WHERE person_id IS NOT NULL;
CREATE INDEX face_visits_group ON face_visits (group_id, best_quality) WHERE group_id IS NOT NULL;
CREATE INDEX face_visits_changed ON face_visits (changed_xid);
CREATE INDEX face_visits_pending ON face_visits (tenant_id, track_id) WHERE is_pending;

-- What was deleted, so that the replicas' indexes follow; kept for a day.
CREATE TABLE vector_tombstones (
  kind text NOT NULL,
  tenant_id text NOT NULL,
  id text NOT NULL,
  deleted_at timestamptz(3) NOT NULL DEFAULT now(),
  changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX vector_tombstones_changed ON vector_tombstones (changed_xid);
CREATE INDEX vector_tombstones_deleted ON vector_tombstones (deleted_at);

-- Whose turn it is. `events`: the recogniser's way through the events, locked while it works.
-- `model`: re-embedding, held until a time.
CREATE TABLE recognition (
  task text PRIMARY KEY,
  sequence bigint NOT NULL DEFAULT 0,
  holder text,
  held_until timestamptz(3)
);
INSERT INTO recognition (task) VALUES ('events'), ('model');

-- What the workers of a tenant embed faces with, and what its scores mean.
CREATE TABLE embedders (
  tenant_id text NOT NULL REFERENCES tenants,
  name text NOT NULL,
  version text NOT NULL,
  calibration jsonb,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, name, version)
);

-- A replica reads rows whose `changed_xid` is at least the xmin of its last read: a late commit is never missed.
CREATE FUNCTION mark_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_xid := pg_current_xact_id();
  RETURN NEW;
END
$$;
CREATE FUNCTION leave_tombstone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO vector_tombstones (kind, tenant_id, id)
    VALUES (TG_TABLE_NAME, OLD.tenant_id, to_jsonb(OLD) ->> TG_ARGV[0]);
  RETURN NULL;
END
$$;
CREATE FUNCTION announce_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('camfleet_people', '');
  RETURN NULL;
END
$$;

CREATE TRIGGER mark_change BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION mark_change();
CREATE TRIGGER mark_change BEFORE UPDATE ON person_faces FOR EACH ROW EXECUTE FUNCTION mark_change();
CREATE TRIGGER mark_change BEFORE UPDATE ON face_visits FOR EACH ROW EXECUTE FUNCTION mark_change();
CREATE TRIGGER mark_change BEFORE UPDATE ON unknown_groups FOR EACH ROW EXECUTE FUNCTION mark_change();
CREATE TRIGGER leave_tombstone AFTER DELETE ON people FOR EACH ROW EXECUTE FUNCTION leave_tombstone('id');
CREATE TRIGGER leave_tombstone AFTER DELETE ON person_faces FOR EACH ROW EXECUTE FUNCTION leave_tombstone('id');
CREATE TRIGGER leave_tombstone AFTER DELETE ON face_visits FOR EACH ROW EXECUTE FUNCTION leave_tombstone('track_id');
CREATE TRIGGER leave_tombstone AFTER DELETE ON unknown_groups FOR EACH ROW EXECUTE FUNCTION leave_tombstone('id');
CREATE TRIGGER announce_people AFTER INSERT OR UPDATE OR DELETE ON people
  FOR EACH STATEMENT EXECUTE FUNCTION announce_people();
CREATE TRIGGER announce_people AFTER INSERT OR UPDATE OR DELETE ON person_faces
  FOR EACH STATEMENT EXECUTE FUNCTION announce_people();
CREATE TRIGGER announce_people AFTER INSERT OR UPDATE OR DELETE ON face_visits
  FOR EACH STATEMENT EXECUTE FUNCTION announce_people();
CREATE TRIGGER announce_people AFTER INSERT OR UPDATE OR DELETE ON unknown_groups
  FOR EACH STATEMENT EXECUTE FUNCTION announce_people();

-- Workers say at their registration what they embed with; it outlives them.
CREATE FUNCTION learn_embedders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO embedders AS e (tenant_id, name, version, calibration)
    SELECT DISTINCT ON (m ->> 'name', m ->> 'version')
      NEW.tenant_id, m ->> 'name', m ->> 'version', m -> 'calibration'
    FROM jsonb_array_elements(NEW.models) m
    WHERE m ->> 'kind' = 'face-embedder' OR jsonb_typeof(m -> 'calibration') = 'object'
  ON CONFLICT (tenant_id, name, version)
    DO UPDATE SET calibration = excluded.calibration;
  RETURN NULL;
END
$$;
CREATE TRIGGER learn_embedders AFTER INSERT OR UPDATE OF models ON workers
  FOR EACH ROW EXECUTE FUNCTION learn_embedders();
