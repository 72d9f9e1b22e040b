import type { Camera } from '@camfleet/protocol';
import { Group, Modal, Text } from '@mantine/core';
import { useDocumentVisibility, useFullscreenElement, useViewportSize } from '@mantine/hooks';
import {
  IconArrowsMaximize,
  IconArrowsMinimize,
  IconChevronLeft,
  IconChevronRight,
} from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import type { VideoClient } from '../../api/video-client';
import { widthFor } from '../../api/video-wish';
import { PictureControl } from '../../components/picture-control';
import { CameraPicture } from '../video/camera-picture';
import classes from './large-view.module.css';

export interface LargeViewProps {
  /** In the order of the wall. */
  cameras: readonly Camera[];
  camera: Camera | undefined;
  client: VideoClient;
  overlay: boolean;
  onChange: (cameraId: string | null) => void;
}

const LARGE_FPS = 25;

/** One camera over the whole page. Esc closes, the left and right arrows go to its neighbours. */
export function LargeView({ cameras, camera, client, overlay, onChange }: LargeViewProps) {
  const { width } = useViewportSize();
  const { ref, toggle, fullscreen } = useFullscreenElement<HTMLDivElement>();
  const pageShown = useDocumentVisibility() === 'visible';
  const index = cameras.findIndex(({ id }) => id === camera?.id);
  const go = (step: number) => {
    const next = cameras[(index + step + cameras.length) % cameras.length];
    if (next) onChange(next.id);
  };
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'ArrowLeft') go(-1);
    if (event.key === 'ArrowRight') go(1);
  }
  return (
    <Modal
      opened={camera !== undefined}
      onClose={() => onChange(null)}
      fullScreen
      padding={0}
      transitionProps={{ duration: 120, transition: 'fade' }}
      title={
        <Text component="span" fw={600}>
          {camera?.name}
        </Text>
      }
      classNames={{
        content: classes.content,
        header: classes.header,
        body: classes.body,
        close: classes.close,
      }}
      onKeyDown={onKeyDown}
    >
      {camera && (
        <div ref={ref} className={classes.stage}>
          <CameraPicture
            key={camera.id}
            camera={camera}
            client={client}
            width={widthFor(width, window.devicePixelRatio)}
            overlay={overlay}
            fps={LARGE_FPS}
            visible={pageShown}
          />
          <Group className={classes.controls} gap={6}>
            <PictureControl label="Previous camera" icon={IconChevronLeft} onClick={() => go(-1)} />
            <PictureControl label="Next camera" icon={IconChevronRight} onClick={() => go(1)} />
            <PictureControl
              label={fullscreen ? 'Leave full screen' : 'Full screen'}
              icon={fullscreen ? IconArrowsMinimize : IconArrowsMaximize}
              onClick={() => void toggle()}
            />
          </Group>
        </div>
      )}
    </Modal>
  );
}
