import type { RetentionKind, RetentionRules } from '@camfleet/protocol';
import {
  Alert,
  Button,
  Group,
  NumberInput,
  Progress,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { errorInWords } from '../../api/api-error';
import { KEYS } from '../../api/query-keys';
import { changeRetention, fetchQuota, fetchRetention, runRetention } from '../../api/retention';
import { ErrorState } from '../../components/error-state';
import { sizeInWords } from '../../components/size';
import { reportInWords } from './report-in-words';

const LABELS: Record<RetentionKind, { label: string; description: string }> = {
  uploads: { label: 'Videos', description: 'With all that was found in them' },
  frames: { label: 'Frames', description: 'Taken out of videos' },
  snapshots: { label: 'Pictures and clips', description: 'Of events, and of tracks in videos' },
  events: { label: 'Events', description: 'With their visits' },
};
const KINDS = ['uploads', 'frames', 'snapshots', 'events'] as const;

/** For how long things are kept, and what they take. */
export function RetentionSection() {
  const headingId = useId();
  const rules = useQuery({ queryKey: KEYS.retention, queryFn: ({ signal }) => fetchRetention(signal) });
  return (
    <section aria-labelledby={headingId}>
      <Title order={2} size="h5" id={headingId} mb={4}>
        Storage
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        What is older than this goes, each hour, for good. An empty field keeps it until somebody deletes it.
      </Text>
      {rules.isPending && <Skeleton h={90} role="status" aria-label="Loading Storage" />}
      {rules.isError && !rules.data && (
        <ErrorState error={rules.error} onRetry={() => void rules.refetch()} />
      )}
      {rules.data && <RetentionForm key={JSON.stringify(rules.data)} rules={rules.data} />}
      <QuotaMeter />
    </section>
  );
}

function RetentionForm({ rules }: { rules: RetentionRules }) {
  const queries = useQueryClient();
  const [days, setDays] = useState(rules);
  const isChanged = KINDS.some((kind) => days[kind] !== rules[kind]);
  const save = useMutation({
    mutationFn: () => changeRetention(days),
    onSuccess: (saved) => queries.setQueryData(KEYS.retention, saved),
  });
  const count = useMutation({ mutationFn: () => runRetention(true) });
  const error = save.error ?? count.error;
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
        {KINDS.map((kind) => (
          <NumberInput
            key={kind}
            {...LABELS[kind]}
            suffix=" days"
            placeholder="For ever"
            min={1}
            max={36_500}
            allowDecimal={false}
            value={days[kind] ?? ''}
            onChange={(value) => setDays({ ...days, [kind]: typeof value === 'number' ? value : null })}
          />
        ))}
      </SimpleGrid>
      <Group>
        <Button onClick={() => save.mutate()} loading={save.isPending} disabled={!isChanged}>
          Save
        </Button>
        <Button
          variant="default"
          onClick={() => count.mutate()}
          loading={count.isPending}
          disabled={isChanged}
        >
          What would go now?
        </Button>
      </Group>
      {error && (
        <Alert color="red" role="alert">
          {errorInWords(error)}
        </Alert>
      )}
      {count.data && !isChanged && (
        <Text size="sm" role="status">
          {reportInWords(count.data)}
        </Text>
      )}
    </Stack>
  );
}

function QuotaMeter() {
  const { data } = useQuery({ queryKey: KEYS.quota, queryFn: ({ signal }) => fetchQuota(signal) });
  if (!data) return null;
  const { used, limit, room } = data.bytes;
  return (
    <Stack gap={4} mt="md" maw={480}>
      <Text size="sm">
        Videos take {sizeInWords(used)} of {sizeInWords(limit)}; {data.videosPerDay.used} of{' '}
        {data.videosPerDay.limit} were uploaded in the last day.
        {used + room < limit && ` The disk has room for ${sizeInWords(room)} more.`}
      </Text>
      <Progress value={limit > 0 ? (100 * used) / limit : 100} aria-label="Storage that videos take" />
    </Stack>
  );
}
