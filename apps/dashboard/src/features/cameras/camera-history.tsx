import type { AssignmentView } from '@camfleet/protocol';
import { Badge, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { listAssignments } from '../../api/assignments';
import { KEYS } from '../../api/query-keys';
import { ErrorState } from '../../components/error-state';
import { exactDurationInWords, localTime } from '../../components/time';
import { useNow } from '../../components/use-now';
import classes from './camera-history.module.css';
import { assignmentStateInWords, endInWords } from './history-in-words';
import { useCamera } from './use-cameras';

/** Which worker had the camera, when, and why it moved; newest first. */
export function CameraHistory({ cameraId }: { cameraId: string }) {
  const epoch = useCamera(cameraId)?.stream.epoch;
  const query = useInfiniteQuery({
    // A new epoch is a new row: read again.
    queryKey: [...KEYS.assignments, cameraId, epoch],
    queryFn: ({ pageParam, signal }) => listAssignments(cameraId, { cursor: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (before) => before,
    refetchInterval: 5_000,
  });
  const nowMs = useNow();
  if (query.isPending) return <Skeleton h={160} role="status" aria-label="Loading the history" />;
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const rows = query.data.pages.flatMap(({ items }) => items);
  if (rows.length === 0)
    return <Text c="dimmed">No worker has had this camera yet. Start it, and it appears here.</Text>;
  return (
    <Stack gap="md">
      <ol className={classes.list} aria-label="Workers that had it">
        {rows.map((row) => (
          <Row key={row.epoch} row={row} nowMs={nowMs} />
        ))}
      </ol>
      {query.hasNextPage && (
        <Button
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Load older
        </Button>
      )}
    </Stack>
  );
}

function Row({ row, nowMs }: { row: AssignmentView; nowMs: number }) {
  const { workerName, createdAt, endedAt, state } = row;
  const lasted = exactDurationInWords((endedAt ? Date.parse(endedAt) : nowMs) - Date.parse(createdAt));
  const why = endInWords(row);
  return (
    <li className={classes.row} data-current={endedAt === undefined}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {workerName}
        </Text>
        {endedAt === undefined && (
          <Badge variant="light" tt="none" miw="fit-content">
            {assignmentStateInWords(state)}
          </Badge>
        )}
      </Group>
      <Text size="xs" c="dimmed">
        <time dateTime={createdAt}>{localTime(createdAt)}</time>
        {endedAt ? (
          <>
            {' to '}
            <time dateTime={endedAt}>{localTime(endedAt)}</time>
            {`, ${lasted}`}
          </>
        ) : (
          `, for ${lasted} now`
        )}
      </Text>
      {why && (
        <Text size="sm" mt={2}>
          {why}
        </Text>
      )}
    </li>
  );
}
