-- Jobs that somebody began are claimed before all others; those whose lease ended are among them.
CREATE INDEX vision_jobs_begun ON vision_jobs (tenant_id, analysis_type, due_at, id)
  WHERE due_at IS NOT NULL AND (state = 'leased' OR checkpoint IS NOT NULL);
DROP INDEX vision_jobs_leased;
