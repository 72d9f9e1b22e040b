import { useElementSize } from '@mantine/hooks';
import { useState } from 'react';
import type { Zone } from './zone-shapes';
import { ZoneHandles } from './zone-handles';
import { ZoneShape } from './zone-shape';
import classes from './zones.module.css';

export interface ZoneCanvasProps {
  zones: readonly Zone[];
  activeId: string | null;
  pictureUrl: string | undefined;
  onActivate: (id: string) => void;
  onChange: (zone: Zone) => void;
}

const WITHOUT_PICTURE = 16 / 9;

/** The camera's picture, and zones over it in its own shape. */
export function ZoneCanvas({ zones, activeId, pictureUrl, onActivate, onChange }: ZoneCanvasProps) {
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const [loaded, setLoaded] = useState<{ url: string; ratio: number }>();
  const [brokenUrl, setBrokenUrl] = useState<string>();
  const shown = pictureUrl !== undefined && pictureUrl !== brokenUrl;
  const ratio = loaded && loaded.url === pictureUrl ? loaded.ratio : WITHOUT_PICTURE;
  const active = zones.find(({ id }) => id === activeId);
  return (
    <div
      ref={ref}
      className={classes.canvas}
      style={{ aspectRatio: ratio, maxWidth: `calc(60vh * ${ratio})` }}
    >
      {shown ? (
        <img
          src={pictureUrl}
          alt="What the camera sees"
          draggable={false}
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
            setLoaded({ url: pictureUrl, ratio: naturalWidth / naturalHeight || WITHOUT_PICTURE })
          }
          onError={() => setBrokenUrl(pictureUrl)}
        />
      ) : (
        <p className={classes.none}>
          No picture yet. Start the camera, or test its source, to draw on what it sees.
        </p>
      )}
      {width > 0 && height > 0 && (
        <svg
          viewBox={`0 0 ${width} ${height}`}
          className={classes.shapes}
          role="group"
          aria-label="Zones on the picture"
        >
          {zones.map((zone) => (
            <ZoneShape
              key={zone.id}
              zone={zone}
              size={{ width, height }}
              active={zone.id === activeId}
              onActivate={() => onActivate(zone.id)}
              onChange={onChange}
            />
          ))}
          {active && <ZoneHandles zone={active} size={{ width, height }} onChange={onChange} />}
        </svg>
      )}
    </div>
  );
}
