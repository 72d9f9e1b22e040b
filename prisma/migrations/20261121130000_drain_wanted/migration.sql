-- An operator wants it drained, until they resume it: it holds over restarts and lost leases. A worker that drains
-- itself to stop sets nothing here.
ALTER TABLE workers ADD COLUMN drain_wanted boolean NOT NULL DEFAULT false;
