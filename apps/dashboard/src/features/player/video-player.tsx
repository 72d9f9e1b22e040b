import type { Video } from '@camfleet/protocol';
import { Group, Text } from '@mantine/core';
import { useFullscreenElement } from '@mantine/hooks';
import {
  IconArrowsMaximize,
  IconArrowsMinimize,
  IconMovieOff,
  IconShape,
  IconShapeOff,
} from '@tabler/icons-react';
import { useState, type CSSProperties } from 'react';
import { videoUrl } from '../../api/videos';
import { PictureControl } from '../../components/picture-control';
import classes from './player.module.css';
import { TrackOverlay } from './track-overlay';
import type { Player } from './use-player';

export interface VideoPlayerProps {
  video: Video;
  /** Something was found in it. */
  hasTracks: boolean;
  player: Player;
}

const USUAL_ASPECT = 16 / 9;

/** The recording, with boxes over it. The browser's own controls play it; full screen is ours, so that boxes go along. */
export function VideoPlayer({ video, hasTracks, player: { attach, ...shown } }: VideoPlayerProps) {
  const [boxes, setBoxes] = useState(true);
  const [broken, setBroken] = useState(false);
  const { ref, toggle, fullscreen } = useFullscreenElement<HTMLDivElement>();
  const [aspect, setAspect] = useState(
    video.width && video.height ? video.width / video.height : USUAL_ASPECT,
  );
  const style = { '--aspect': aspect } as CSSProperties;
  return (
    <div ref={ref} className={classes.frame} style={style}>
      <div className={classes.stage}>
        <video
          ref={attach}
          className={classes.video}
          src={videoUrl(video.id)}
          aria-label={`Recording ${video.fileName}`}
          controls={!broken}
          controlsList="nofullscreen nodownload"
          disablePictureInPicture
          muted
          playsInline
          preload="metadata"
          onLoadedMetadata={({ currentTarget: { videoWidth, videoHeight } }) => {
            setBroken(false);
            if (videoWidth > 0 && videoHeight > 0) setAspect(videoWidth / videoHeight);
          }}
          onError={() => setBroken(true)}
        />
        {boxes && !broken && hasTracks && <TrackOverlay videoId={video.id} player={shown} />}
        {broken && <Unplayable codec={video.codec} />}
      </div>
      {!broken && (
        <Group className={classes.controls} gap={6}>
          {hasTracks && (
            <PictureControl
              label={boxes ? 'Hide the boxes' : 'Show the boxes'}
              icon={boxes ? IconShapeOff : IconShape}
              onClick={() => setBoxes(!boxes)}
            />
          )}
          <PictureControl
            label={fullscreen ? 'Leave full screen' : 'Full screen'}
            icon={fullscreen ? IconArrowsMinimize : IconArrowsMaximize}
            onClick={() => void toggle()}
          />
        </Group>
      )}
    </div>
  );
}

function Unplayable({ codec }: { codec: string | null }) {
  return (
    <div className={classes.unplayable} role="alert">
      <IconMovieOff size={40} stroke={1.3} aria-hidden />
      <Text size="sm">
        {codec === null
          ? 'This browser cannot play this recording.'
          : `This browser cannot play this recording (${codec.toUpperCase()}).`}
      </Text>
      <Text size="xs">What was found in it is shown all the same.</Text>
    </div>
  );
}
