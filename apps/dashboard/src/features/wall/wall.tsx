import type { Camera } from '@camfleet/protocol';
import { useElementSize, useViewportSize } from '@mantine/hooks';
import { useRef, useState, type KeyboardEvent } from 'react';
import type { VideoClient } from '../../api/video-client';
import { tileAfterKey, tileWidth, wallColumns, type Density } from './wall-layout';
import { WallTile } from './wall-tile';
import classes from './wall.module.css';

export interface WallProps {
  cameras: readonly Camera[];
  client: VideoClient;
  density: Density;
  overlay: boolean;
  /** Another view covers the wall: nothing is pulled for it. */
  covered: boolean;
  onOpen: (cameraId: string) => void;
}

/** What stands above and below the wall, in CSS pixels. */
const AROUND_THE_WALL_PX = 140;

/** All cameras side by side. One Tab stop; arrows, Home and End move, Enter opens. */
export function Wall({ cameras, density, ...rest }: WallProps) {
  const { ref, width } = useElementSize<HTMLUListElement>();
  const { height } = useViewportSize();
  const tiles = useRef(new Map<number, HTMLElement>());
  const [current, setCurrent] = useState(0);
  const columns = wallColumns({ density, count: cameras.length, width, height: height - AROUND_THE_WALL_PX });

  function onKeyDown(event: KeyboardEvent) {
    const next = tileAfterKey(event.key, { index: current, columns, count: cameras.length });
    if (next === undefined) return;
    event.preventDefault();
    setCurrent(next);
    tiles.current.get(next)?.focus();
  }

  return (
    <ul
      ref={ref}
      className={classes.wall}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
      aria-label="Cameras"
      onKeyDown={onKeyDown}
    >
      {width > 0 &&
        cameras.map((camera, index) => (
          <WallTile
            key={camera.id}
            {...rest}
            camera={camera}
            width={tileWidth(width, columns)}
            tabIndex={index === Math.min(current, cameras.length - 1) ? 0 : -1}
            onFocus={() => setCurrent(index)}
            onButton={(element) => {
              if (element) tiles.current.set(index, element);
              else tiles.current.delete(index);
            }}
          />
        ))}
    </ul>
  );
}
