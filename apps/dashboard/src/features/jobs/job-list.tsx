import { CLASSIFICATION, type JobView } from '@camfleet/protocol';
import { Anchor, Badge, Button, Progress, Text } from '@mantine/core';
import { Link } from 'react-router';
import { reasonInWords } from '../../api/error-words';
import { durationInWords, localTime } from '../../components/time';
import { useNow } from '../../components/use-now';
import { useMay } from '../session/session';
import { analysisInWords } from '../videos/analysis-in-words';
import { useHasClassifier, useWorkerName } from '../workers/use-workers';
import { attemptsInWords, isStuck, isWaitingToRetry, jobStateColor, jobStateInWords } from './job-words';
import classes from './jobs.module.css';
import { useRedriveJob } from './use-jobs';

export interface JobListProps {
  jobs: readonly JobView[];
  /** Left out where all are of one video. */
  showVideo?: boolean;
}

/** Jobs, who does them, how far they are, why they failed; what was given up can be started again. */
export function JobList({ jobs, showVideo = false }: JobListProps) {
  const nowMs = useNow();
  return (
    <ul className={classes.list} aria-label="Jobs">
      {jobs.map((job) => (
        <JobRow key={job.id} job={job} showVideo={showVideo} nowMs={nowMs} />
      ))}
    </ul>
  );
}

interface JobRowProps {
  job: JobView;
  showVideo: boolean;
  nowMs: number;
}

function JobRow({ job, showVideo, nowMs }: JobRowProps) {
  const mayRedrive = useMay('operator');
  const redrive = useRedriveJob();
  const name = `${analysisInWords(job.analysisType)} of ${subjectOf(job)}`;
  return (
    <li className={classes.row} aria-label={name}>
      <div className={classes.what}>
        <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {analysisInWords(job.analysisType)}
        </Text>
        {showVideo && <Subject job={job} />}
      </div>
      <div className={classes.state}>
        <StateOf job={job} nowMs={nowMs} />
        {job.lastError !== null && job.state !== 'done' && (
          <Text size="xs" c="red" mt={4} style={{ overflowWrap: 'anywhere' }}>
            {reasonInWords(job.lastError)}
          </Text>
        )}
      </div>
      <div className={classes.who}>
        <Holder job={job} />
        <Text size="xs" c="dimmed">
          {attemptsInWords(job)}
        </Text>
      </div>
      <div className={classes.action}>
        {mayRedrive && job.state === 'dead' && (
          <Button
            size="compact-sm"
            variant="default"
            loading={redrive.isPending}
            aria-label={`Try ${name} again`}
            onClick={() => redrive.mutate(job.id)}
          >
            Try again
          </Button>
        )}
      </div>
    </li>
  );
}

const subjectOf = ({ videoName, eventId }: JobView) => videoName ?? `event ${eventId}`;

function Subject({ job }: { job: JobView }) {
  if (job.videoId === null)
    return (
      <Text size="xs" c="dimmed" truncate title={job.eventId}>
        {subjectOf(job)}
      </Text>
    );
  return (
    <Anchor
      component={Link}
      to={`/videos/${encodeURIComponent(job.videoId)}`}
      size="xs"
      lineClamp={2}
      lh={1.35}
      title={job.videoName}
      style={{ overflowWrap: 'anywhere' }}
    >
      {job.videoName ?? 'The video'}
    </Anchor>
  );
}

function StateOf({ job, nowMs }: { job: JobView; nowMs: number }) {
  const { state, progress, nextRetryAt } = job;
  const hasClassifier = useHasClassifier();
  const percent = Math.round(progress * 100);
  // In peace, and perhaps for ever: nobody has to have one.
  const waitsInPeace = state === 'queued' && job.analysisType === CLASSIFICATION && hasClassifier === false;
  const words = waitsInPeace ? 'Waits for a classifier' : jobStateInWords(state);
  if (isStuck(job, nowMs))
    return (
      <Badge variant="dot" color="orange" tt="none" fw={500} miw="fit-content">
        Stuck: its worker is silent
      </Badge>
    );
  return (
    <>
      <Badge variant="dot" color={jobStateColor(state)} tt="none" fw={500} miw="fit-content">
        {state === 'leased' ? `${jobStateInWords(state)}, ${percent} %` : words}
      </Badge>
      {state === 'leased' && (
        <Progress
          value={percent}
          size="sm"
          mt={6}
          maw={180}
          aria-label={`Progress of ${analysisInWords(job.analysisType)}`}
        />
      )}
      {isWaitingToRetry(job, nowMs) && nextRetryAt !== null && (
        <Text size="xs" c="dimmed" mt={4}>
          {`Tried again in ${durationInWords(Date.parse(nextRetryAt) - nowMs)}`}
        </Text>
      )}
    </>
  );
}

function Holder({ job: { state, lockedBy, updatedAt } }: { job: JobView }) {
  const workerName = useWorkerName();
  return (
    <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
      {state === 'leased' && lockedBy !== null ? (
        `By ${workerName(lockedBy)}`
      ) : (
        <time dateTime={updatedAt}>{localTime(updatedAt)}</time>
      )}
    </Text>
  );
}
