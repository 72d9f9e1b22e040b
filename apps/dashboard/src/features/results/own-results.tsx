import { CLASSIFICATION, VIDEO_ANALYSES, type StoredResult } from '@camfleet/protocol';
import { Anchor, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { listResults, resultsUrl } from '../../api/jobs';
import { KEYS } from '../../api/query-keys';
import { Fold } from '../../components/fold';
import { QueryList } from '../../components/query-list';
import { localTime, tookInWords } from '../../components/time';
import { useJobs } from '../jobs/use-jobs';
import { useVideo } from '../videos/use-videos';
import { useWorkerName } from '../workers/use-workers';
import { jsonInWords } from './json-in-words';
import classes from './results.module.css';

/** Of these the other tabs tell, and the cards below. */
const TOLD: readonly string[] = [...VIDEO_ANALYSES, CLASSIFICATION];

/** What workers of somebody's own say of a video, as they say it. */
export function OwnResults({ videoId }: { videoId: string }) {
  const { data: video } = useVideo(videoId);
  const eventId = video?.eventId ?? videoId;
  const { data } = useJobs({ eventId });
  const jobs = data?.pages.flatMap(({ items }) => items) ?? [];
  const own = jobs.filter(({ analysisType, state }) => !TOLD.includes(analysisType) && state === 'done');
  return own.map(({ analysisType, finishedAt }) => (
    <OwnType key={analysisType} type={analysisType} {...{ eventId, finishedAt }} />
  ));
}

interface OwnTypeProps {
  type: string;
  eventId: string;
  finishedAt: string | null;
}

function OwnType({ type, eventId, finishedAt }: OwnTypeProps) {
  const query = useInfiniteQuery({
    // Another run's takes its place.
    queryKey: [...KEYS.findings, eventId, 'own', type, finishedAt],
    queryFn: ({ pageParam, signal }) => listResults({ eventId, type }, { cursor: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  return (
    <section aria-label={type} className={classes.own}>
      <Title order={3} size="h6" style={{ overflowWrap: 'anywhere' }}>
        {type}
      </Title>
      <QueryList
        query={query}
        loading={`Loading ${type}`}
        empty={
          <Text size="sm" c="dimmed">
            Nothing is kept of it.
          </Text>
        }
      >
        {(results) =>
          results.map((result) => <OwnResult key={`${result.model} ${result.version}`} result={result} />)
        }
      </QueryList>
    </section>
  );
}

function OwnResult({ result }: { result: StoredResult }) {
  const workerName = useWorkerName();
  const { model, version, worker_id: workerId, created_at: at, duration_ms: durationMs } = result;
  return (
    <div>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {`${model}, version ${version}`}
      </Text>
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        <time dateTime={at}>{localTime(at)}</time>
        {[`by ${workerName(workerId)}`, durationMs !== null && `in ${tookInWords(durationMs)}`]
          .filter(Boolean)
          .map((part) => ` · ${part}`)}
      </Text>
      <Fold title="What it says" of={`${model}, version ${version}`}>
        <RawResponse result={result} />
      </Fold>
    </div>
  );
}

/** Many megabytes, perhaps: put into words when it is unfolded, and once. */
function RawResponse({ result }: { result: StoredResult }) {
  const { raw_response: raw, parts_left_out: partsLeftOut } = result;
  const { text, isWhole } = useMemo(() => jsonInWords(raw), [raw]);
  return (
    <>
      <pre className={classes.raw} tabIndex={0} aria-label="Raw response">
        {text}
      </pre>
      {!(isWhole && partsLeftOut === undefined) && (
        <Text size="xs" c="dimmed">
          This is the beginning.{' '}
          <Anchor
            href={resultsUrl({ eventId: result.event_id, type: result.analysis_type })}
            target="_blank"
            size="xs"
          >
            All of it as JSON
          </Anchor>
        </Text>
      )}
    </>
  );
}
