import { useDrag } from './use-drag';
import { stepOf } from './key-steps';
import {
  ZONE_KINDS,
  middle,
  sidesOf,
  withCornerAfter,
  withPoint,
  withoutPoint,
  type Point,
  type Zone,
} from './zone-shapes';
import classes from './zones.module.css';

export interface ZoneHandlesProps {
  zone: Zone;
  /** Of the picture, in pixels of the screen. */
  size: { width: number; height: number };
  onChange: (zone: Zone) => void;
}

/** The corners of a zone, to be taken, and the middles of its sides, for corners more. */
export function ZoneHandles({ zone, size, onChange }: ZoneHandlesProps) {
  const { color } = ZONE_KINDS[zone.kind];
  const drag = useDrag(size);
  const inPixels = ([x, y]: Point): Point => [x * size.width, y * size.height];
  return (
    <g>
      {sidesOf(zone).map((side, index) => {
        const [cx, cy] = inPixels(middle(side));
        const add = () => onChange(withCornerAfter(zone, index));
        return (
          <circle
            key={`side ${index}`}
            className={classes.more}
            {...{ cx, cy, r: 5 }}
            stroke={color}
            tabIndex={0}
            role="button"
            aria-label={`Add a corner to ${zone.name} after corner ${index + 1}`}
            onClick={add}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== ' ') return;
              event.preventDefault();
              add();
            }}
          />
        );
      })}
      {zone.points.map((point, index) => {
        const [cx, cy] = inPixels(point);
        return (
          <circle
            key={`corner ${index}`}
            className={classes.corner}
            {...{ cx, cy, r: 8 }}
            fill={color}
            tabIndex={0}
            role="button"
            aria-label={`Corner ${index + 1} of ${zone.name}`}
            onDoubleClick={() => onChange(withoutPoint(zone, index))}
            onKeyDown={(event) => {
              const step = stepOf(event);
              const removes = event.key === 'Delete' || event.key === 'Backspace';
              if (!step && !removes) return;
              event.preventDefault();
              onChange(
                step
                  ? withPoint(zone, index, [point[0] + step[0], point[1] + step[1]])
                  : withoutPoint(zone, index),
              );
            }}
            {...drag(([dx, dy]) => onChange(withPoint(zone, index, [point[0] + dx, point[1] + dy])))}
          />
        );
      })}
    </g>
  );
}
