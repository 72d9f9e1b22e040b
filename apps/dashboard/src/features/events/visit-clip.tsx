import { Anchor, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { videoUrl } from '../../api/videos';
import classes from './visits.module.css';

/** Some seconds around the event, as the camera sent them; what jobs found in them stands on the clip's own page. */
export function VisitClip({ videoId, of }: { videoId: string; of: string }) {
  const [broken, setBroken] = useState(false);
  return (
    <div>
      {broken ? (
        <Text size="sm" role="alert">
          This browser cannot play the clip.
        </Text>
      ) : (
        <video
          className={classes.clip}
          src={videoUrl(videoId)}
          aria-label={`Clip of the ${of}`}
          controls
          muted
          playsInline
          preload="metadata"
          onError={() => setBroken(true)}
        />
      )}
      <Group justify="flex-end">
        <Anchor component={Link} to={`/videos/${encodeURIComponent(videoId)}`} size="sm">
          What was found in the clip
        </Anchor>
      </Group>
    </div>
  );
}
