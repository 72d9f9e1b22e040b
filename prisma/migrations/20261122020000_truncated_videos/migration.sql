-- A file that ends in the middle gives what it had, and says so: in each answer about the video, not in its log alone.
ALTER TABLE "videos" ADD COLUMN "truncated" BOOLEAN NOT NULL DEFAULT false;
UPDATE "videos" SET "truncated" = true
WHERE "id" IN (SELECT "video_id" FROM "video_logs" WHERE "event" = 'video.truncated');
