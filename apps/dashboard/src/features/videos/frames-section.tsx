import { Text, UnstyledButton } from '@mantine/core';
import { QueryList } from '../../components/query-list';
import { preciseClockInWords } from '../../components/time';
import { NotYet } from './not-yet';
import { useFrames } from './use-findings';
import classes from './videos.module.css';

export interface FindingsProps {
  videoId: string;
  onSeek: (timeMs: number) => void;
}

/** Still pictures of the video; each leads to its place in it. */
export function FramesSection({ videoId, onSeek }: FindingsProps) {
  const query = useFrames(videoId);
  return (
    <QueryList
      query={query}
      loading="Loading frames"
      empty={<NotYet videoId={videoId} analysis="frames" none="No frame was taken out of this video." />}
    >
      {(frames) => (
        <ul className={classes.pictures} aria-label="Frames">
          {frames.map(({ index, timestampMs, url, width, height }) => (
            <li key={index}>
              <UnstyledButton
                className={classes.picture}
                aria-label={`Frame at ${preciseClockInWords(timestampMs)}`}
                onClick={() => onSeek(timestampMs)}
              >
                <img
                  src={url}
                  alt=""
                  loading="lazy"
                  decoding="async"
                  style={{ aspectRatio: `${width} / ${height}` }}
                />
                <Text size="xs" className={classes.caption}>
                  {preciseClockInWords(timestampMs)}
                </Text>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
    </QueryList>
  );
}
