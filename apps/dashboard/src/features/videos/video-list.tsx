import type { Video } from '@camfleet/protocol';
import { Anchor, Group, Text } from '@mantine/core';
import { IconScan, IconTrash } from '@tabler/icons-react';
import { Link } from 'react-router';
import { IconAction } from '../../components/icon-action';
import { useMay } from '../session/session';
import { Thumbnail } from './thumbnail';
import { VideoState, isRefused } from './video-status';
import { extentInWords, whenInWords } from './video-words';
import classes from './videos.module.css';

export interface VideoListProps {
  videos: readonly Video[];
  onAnalyse: (video: Video) => void;
  onDelete: (video: Video) => void;
}

export function VideoList({ videos, onAnalyse, onDelete }: VideoListProps) {
  const mayAnalyse = useMay('operator');
  const mayDelete = useMay('admin');
  return (
    <ul className={classes.list} aria-label="Videos">
      {videos.map((video) => (
        <li key={video.id} className={classes.item} aria-label={video.fileName}>
          <Thumbnail url={video.thumbnailUrl} />
          <div style={{ minWidth: 0 }}>
            <Anchor
              component={Link}
              to={`/videos/${encodeURIComponent(video.id)}`}
              fw={600}
              size="sm"
              lineClamp={2}
              lh={1.35}
              title={video.fileName}
              style={{ overflowWrap: 'anywhere' }}
            >
              {video.fileName}
            </Anchor>
            <Text size="xs" c="dimmed">
              {extentInWords(video)}
            </Text>
            <Text size="xs" c="dimmed">
              <time dateTime={video.recordedAt ?? video.createdAt}>{whenInWords(video)}</time>
            </Text>
          </div>
          <div className={classes.state}>
            <VideoState video={video} />
          </div>
          {mayAnalyse ? (
            <Group gap={4} miw={72} wrap="nowrap" justify="flex-end">
              {!isRefused(video) && (
                <IconAction
                  label={`Analyse ${video.fileName}`}
                  icon={IconScan}
                  onClick={() => onAnalyse(video)}
                />
              )}
              {mayDelete && (
                <IconAction
                  label={`Delete ${video.fileName}`}
                  icon={IconTrash}
                  onClick={() => onDelete(video)}
                />
              )}
            </Group>
          ) : (
            <span />
          )}
        </li>
      ))}
    </ul>
  );
}
