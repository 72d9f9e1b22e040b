import type { Camera, StreamStatus } from '@camfleet/protocol';
import { Loader } from '@mantine/core';
import { streamStateInWords } from '../../components/stream-badge';
import { localTime } from '../../components/time';
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
  const status = pictureStatus({
    stream,
    connected,
    hadPicture: facts.lastPictureMs !== undefined,
    ...facts,
  });
  const lastPicture = lastPictureInWords(stream, facts.lastPictureMs);
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
          {lastPicture && <span className={classes.since}>{lastPicture}</span>}
        </div>
      )}
      <div className={classes.bar}>
        <span className={classes.name}>{camera.name}</span>
        <span className={classes.state} data-state={status.live ? 'live' : stream.state}>
          {status.live ? 'Live' : stateInWords(stream)}
        </span>
        {status.live && facts.fps !== undefined && (
          <span className={classes.fps}>{Math.round(facts.fps)} fps</span>
        )}
      </div>
    </div>
  );
}

/** The corner's one word while the picture is not live. */
function stateInWords({ desired, state, workerId }: StreamStatus): string {
  if (desired === 'stopped') return streamStateInWords('stopped');
  return state === 'streaming' || workerId === null ? 'Waiting' : streamStateInWords(state);
}

/** So that nobody takes an old picture for the present. */
function lastPictureInWords(stream: StreamStatus, lastPictureMs: number | undefined): string | undefined {
  if (stream.desired === 'stopped') return undefined;
  const at = lastPictureMs === undefined ? stream.lastFrameAt : new Date(lastPictureMs).toISOString();
  return at ? `Last picture at ${localTime(at)}` : undefined;
}
