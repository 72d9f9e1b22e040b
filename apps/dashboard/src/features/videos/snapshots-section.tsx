import { Text, UnstyledButton } from '@mantine/core';
import { capital } from '../../components/capital';
import { QueryList } from '../../components/query-list';
import { preciseClockInWords } from '../../components/time';
import type { FindingsProps } from './frames-section';
import { NotYet } from './not-yet';
import { useSnapshots } from './use-findings';
import classes from './videos.module.css';

/** The best picture of each track; each leads to where it was taken. */
export function SnapshotsSection({ videoId, onSeek }: FindingsProps) {
  const query = useSnapshots(videoId);
  return (
    <QueryList
      query={query}
      loading="Loading snapshots"
      empty={
        <NotYet videoId={videoId} analysis="objects" none="Nothing was seen that a picture is kept of." />
      }
    >
      {(snapshots) => (
        <ul className={classes.pictures} aria-label="Snapshots">
          {snapshots.map(({ key, url, label, trackId, offsetMs, score }) => {
            const title = `${capital(label)} ${trackId}`;
            return (
              <li key={key}>
                <UnstyledButton
                  className={classes.picture}
                  aria-label={`${title} at ${preciseClockInWords(offsetMs)}`}
                  onClick={() => onSeek(offsetMs)}
                >
                  <img src={url} alt="" loading="lazy" decoding="async" style={{ aspectRatio: '1' }} />
                  <div className={classes.caption}>
                    <Text size="xs" fw={600}>
                      {title}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {`${preciseClockInWords(offsetMs)}, ${Math.round(score * 100)} % sure`}
                    </Text>
                  </div>
                </UnstyledButton>
              </li>
            );
          })}
        </ul>
      )}
    </QueryList>
  );
}
