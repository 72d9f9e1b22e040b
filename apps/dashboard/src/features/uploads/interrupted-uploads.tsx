import { Button, Group, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { KEYS } from '../../api/query-keys';
import { forgetUpload, interruptedUploads } from '../../api/tus';
import { sizeInWords } from '../../components/size';
import { useMe } from '../session/session';
import type { Upload } from './upload-queue';
import classes from './uploads.module.css';

/** What was being sent when the page was left: the browser needs to be shown the file once more. */
export function InterruptedUploads({ uploads }: { uploads: readonly Upload[] }) {
  const { data: me } = useMe();
  const queries = useQueryClient();
  const userId = me?.id ?? '';
  const { data = [] } = useQuery({
    // The browser's own storage, and cheap: asked anew whenever an upload begins or ends.
    queryKey: [...KEYS.interrupted, userId, uploads.map(({ key, state }) => `${key} ${state}`).join()],
    queryFn: () => interruptedUploads(userId),
    staleTime: 0,
  });
  const isUnderWay = (fileName: string) => uploads.some(({ file }) => file.name === fileName);
  const left = data.filter(({ fileName }) => !isUnderWay(fileName));
  if (left.length === 0) return null;
  return (
    <ul className={classes.list} aria-label="Interrupted uploads">
      {left.map((upload) => (
        <li key={upload.key} className={classes.row}>
          <Group justify="space-between" gap="xs">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
                {upload.fileName}
              </Text>
              <Text size="xs" c="dimmed">
                {`Interrupted. Choose the same file again${upload.sizeBytes === null ? '' : ` (${sizeInWords(upload.sizeBytes)})`}, and it goes on where it stopped.`}
              </Text>
            </div>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Forget ${upload.fileName}`}
              onClick={() =>
                void forgetUpload(upload).then(() =>
                  queries.invalidateQueries({ queryKey: KEYS.interrupted }),
                )
              }
            >
              Forget
            </Button>
          </Group>
        </li>
      ))}
    </ul>
  );
}
