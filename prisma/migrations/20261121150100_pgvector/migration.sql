-- Where pgvector is installed and this account may add it: nearest neighbours by HNSW. Elsewhere the index in the
-- replicas' memory answers, and this does nothing.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector') THEN
    RETURN;
  END IF;
  CREATE EXTENSION IF NOT EXISTS vector;
  EXECUTE 'CREATE INDEX person_faces_hnsw ON person_faces
    USING hnsw ((embedding::vector(512)) vector_cosine_ops) WITH (m = 24, ef_construction = 128) WHERE cardinality(embedding) = 512';
  EXECUTE 'CREATE INDEX face_visits_hnsw ON face_visits
    USING hnsw ((embedding::vector(512)) vector_cosine_ops) WITH (m = 24, ef_construction = 128) WHERE cardinality(embedding) = 512';
EXCEPTION
  WHEN insufficient_privilege OR undefined_file OR undefined_object OR feature_not_supported THEN
    RAISE NOTICE 'pgvector is not used: %', SQLERRM;
END
$$;
