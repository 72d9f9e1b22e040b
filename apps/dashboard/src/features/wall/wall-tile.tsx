import type { Camera } from '@camfleet/protocol';
import { Button, UnstyledButton } from '@mantine/core';
import { useDocumentVisibility, useInViewport } from '@mantine/hooks';
import type { VideoClient } from '../../api/video-client';
import { widthFor } from '../../api/video-wish';
import { useStreamSwitch } from '../cameras/use-stream-switch';
import { useMay } from '../session/session';
import { CameraPicture } from '../video/camera-picture';
import classes from './wall.module.css';

export interface WallTileProps {
  camera: Camera;
  client: VideoClient;
  /** CSS pixels. */
  width: number;
  overlay: boolean;
  covered: boolean;
  tabIndex: number;
  /** Gets the tile's button, and `null` when it goes. */
  onButton: (button: HTMLButtonElement | null) => void;
  onFocus: () => void;
  onOpen: (cameraId: string) => void;
}

/** Small tiles are many, and need fewer frames to look alive. */
const fpsFor = (cssWidth: number) => (cssWidth < 380 ? 10 : 15);

export function WallTile(props: WallTileProps) {
  const { camera, client, width, overlay, covered, tabIndex, onButton, onFocus, onOpen } = props;
  const { ref, inViewport } = useInViewport<HTMLLIElement>();
  const pageShown = useDocumentVisibility() === 'visible';
  const mayStart = useMay('operator');
  const streamSwitch = useStreamSwitch();
  return (
    <li ref={ref} className={classes.tile}>
      <UnstyledButton
        ref={onButton}
        className={classes.open}
        tabIndex={tabIndex}
        onFocus={onFocus}
        onClick={() => onOpen(camera.id)}
        aria-label={`Open ${camera.name}`}
      >
        <CameraPicture
          camera={camera}
          client={client}
          width={widthFor(width, window.devicePixelRatio)}
          overlay={overlay}
          fps={fpsFor(width)}
          visible={inViewport && pageShown && !covered}
        />
      </UnstyledButton>
      {mayStart && camera.desired === 'stopped' && (
        <Button
          className={classes.action}
          size="compact-xs"
          loading={streamSwitch.isPending}
          onClick={() => streamSwitch.mutate({ id: camera.id, action: 'start' })}
          aria-label={`Start ${camera.name}`}
        >
          Start
        </Button>
      )}
    </li>
  );
}
