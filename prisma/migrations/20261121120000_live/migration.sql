-- Whose access ended or changed, told to every replica (`access:<id of the key or user>`), so that open streams and
-- WebSockets end with it. By trigger: it holds for whatever deletes the row.
CREATE FUNCTION announce_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('camfleet_changes', 'access:' || (to_jsonb(OLD) ->> TG_ARGV[0]));
  RETURN NULL;
END
$$;

CREATE TRIGGER announce_access AFTER DELETE OR UPDATE OF role ON api_keys
  FOR EACH ROW EXECUTE FUNCTION announce_access('id');
CREATE TRIGGER announce_access AFTER DELETE OR UPDATE OF role ON users
  FOR EACH ROW EXECUTE FUNCTION announce_access('id');
CREATE TRIGGER announce_access AFTER DELETE ON sessions
  FOR EACH ROW EXECUTE FUNCTION announce_access('user_id');

-- Up to which sequence retention has deleted events: a reader that asks for older ones is told. Whatever deletes the
-- oldest events writes it in the same transaction.
CREATE TABLE event_retention (
  tenant_id text PRIMARY KEY,
  deleted_through bigint NOT NULL
);

-- How many watch a camera through each replica, so that every replica can tell the sum. Nothing that must outlive
-- the database's crash.
CREATE UNLOGGED TABLE camera_viewers (
  replica_id text NOT NULL,
  camera_id text NOT NULL,
  viewers integer NOT NULL,
  seen_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (camera_id, replica_id)
);
