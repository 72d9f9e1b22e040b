-- As for faces and visits, for the groups of unknown visits.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'vector') THEN
    EXECUTE 'CREATE INDEX unknown_groups_hnsw ON unknown_groups
      USING hnsw ((embedding::vector(512)) vector_cosine_ops) WITH (m = 24, ef_construction = 128) WHERE cardinality(embedding) = 512';
  END IF;
EXCEPTION
  WHEN insufficient_privilege OR undefined_object OR feature_not_supported THEN
    RAISE NOTICE 'pgvector is not used: %', SQLERRM;
END
$$;
