import type { Camera } from '@camfleet/protocol';
import { Loader } from '@mantine/core';
import { streamStateInWords } from '../../components/stream-badge';
import classes from './camera-picture.module.css';
import { pictureStatus } from './picture-status';
import { useCameraPicture, type PictureWish } from './use-camera-picture';
import { useVideoConnected } from './use-video-client';

export interface CameraPictureProps extends Omit<PictureWish, 'cameraId' | 'active'> {
  camera: Camera;
  /** In view: a stopped camera is not asked for in any case. */
  visible: boolean;
}

/** A camera's live picture with its name and state. What is not live is dimmed, and says why. */
export function CameraPicture({ camera, visible, ...wish }: CameraPictureProps) {
  const { stream } = camera;
  const active = visible && stream.desired === 'running';
  const { canvasRef, facts } = useCameraPicture({ ...wish, cameraId: camera.id, active });
  const connected = useVideoConnected(wish.client);
  const status = pictureStatus({ stream, connected, ...facts });
  const words = status.live
    ? 'Live'
    : stream.state === 'streaming'
      ? 'Waiting'
      : streamStateInWords(stream.desired === 'stopped' ? 'stopped' : stream.state);
  return (
    <div className={classes.picture} data-live={status.live} data-testid={`picture-${camera.id}`}>
      <canvas
        ref={canvasRef}
        className={classes.canvas}
        role="img"
        aria-label={`Picture of ${camera.name}`}
        hidden={facts.slate !== false}
      />
      {!status.live && (
        <div className={classes.notice}>
          {status.busy && <Loader className={classes.busy} size="sm" color="gray.3" aria-hidden />}
          <span>{status.words}</span>
        </div>
      )}
      <div className={classes.bar}>
        <span className={classes.name}>{camera.name}</span>
        <span className={classes.state} data-state={status.live ? 'live' : stream.state}>
          {words}
        </span>
        {status.live && facts.fps !== undefined && (
          <span className={classes.fps}>{Math.round(facts.fps)} fps</span>
        )}
      </div>
    </div>
  );
}
