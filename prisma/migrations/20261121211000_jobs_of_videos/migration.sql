-- With its video go a video's jobs, and with them their results: what is reported of them later finds nothing.
ALTER TABLE vision_jobs ADD FOREIGN KEY (video_id) REFERENCES videos ON DELETE CASCADE;
