import { Stack } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { InterruptedUploads } from './interrupted-uploads';
import { UploadRow } from './upload-row';
import classes from './uploads.module.css';
import { useUploads } from './uploads-provider';

/** What is on its way, what did not make it and why, and what an earlier page left unfinished. */
export function UploadList() {
  const { queue } = useUploads();
  const uploads = useSyncExternalStore(queue.uploads.watch, queue.uploads.get);
  return (
    <Stack gap="xs">
      {uploads.length > 0 && (
        <ul className={classes.list} aria-label="Uploads">
          {uploads.map((upload) => (
            <UploadRow key={upload.key} upload={upload} queue={queue} />
          ))}
        </ul>
      )}
      <InterruptedUploads uploads={uploads} />
    </Stack>
  );
}
