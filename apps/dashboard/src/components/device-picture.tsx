import { Alert } from '@mantine/core';
import type { RefObject } from 'react';
import classes from './device-picture.module.css';

export interface DevicePictureProps {
  video: RefObject<HTMLVideoElement | null>;
  refused: boolean;
  /** What to do instead: `choose a photo`. */
  instead: string;
  onPlaying: () => void;
}

/** What the camera of this device sees, or that there is none. */
export function DevicePicture({ video, refused, instead, onPlaying }: DevicePictureProps) {
  return refused ? (
    <Alert color="red" role="alert">
      {`There is no camera here, or the browser may not use it. Allow it in the browser, or ${instead} instead.`}
    </Alert>
  ) : (
    <video
      ref={video}
      className={classes.video}
      aria-label="What the camera of this device sees"
      autoPlay
      muted
      playsInline
      onPlaying={onPlaying}
    />
  );
}
