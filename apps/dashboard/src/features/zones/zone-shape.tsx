import type { KeyboardEvent } from 'react';
import { stepOf } from './key-steps';
import { useDrag } from './use-drag';
import { ZONE_KINDS, arrowOf, moved, type Point, type Zone } from './zone-shapes';
import classes from './zones.module.css';

export interface ZoneShapeProps {
  zone: Zone;
  /** Of the picture, in pixels of the screen. */
  size: { width: number; height: number };
  active: boolean;
  onActivate: () => void;
  onChange: (zone: Zone) => void;
}

/** One zone on the picture, which can be moved as a whole. */
export function ZoneShape({ zone, size, active, onActivate, onChange }: ZoneShapeProps) {
  const { color } = ZONE_KINDS[zone.kind];
  const drag = useDrag(size);
  const inPixels = ([x, y]: Point): Point => [x * size.width, y * size.height];
  const points = zone.points.map((point) => inPixels(point).join(',')).join(' ');
  const arrow = zone.kind === 'line' ? arrowOf(zone, size) : undefined;
  const whole = {
    points,
    stroke: color,
    className: zone.kind === 'line' ? classes.line : classes.area,
    fill: zone.kind === 'line' ? 'none' : color,
    'data-active': active,
    tabIndex: 0,
    role: 'button',
    'aria-label': `Move ${zone.name}`,
    onFocus: onActivate,
    onKeyDown: (event: KeyboardEvent) => {
      const step = stepOf(event);
      if (!step) return;
      event.preventDefault();
      onChange(moved(zone, step));
    },
    ...drag((by) => onChange(moved(zone, by)), onActivate),
  };
  return (
    <g>
      {zone.kind === 'line' ? <polyline {...whole} /> : <polygon {...whole} />}
      {zone.kind === 'line' && <polyline points={points} stroke={color} className={classes.core} />}
      {arrow && <Arrow from={arrow[0]} to={arrow[1]} color={color} />}
    </g>
  );
}

function Arrow({ from, to, color }: { from: Point; to: Point; color: string }) {
  const angle = (Math.atan2(to[1] - from[1], to[0] - from[0]) * 180) / Math.PI;
  return (
    <g className={classes.arrow} aria-hidden>
      <line x1={from[0]} y1={from[1]} x2={to[0]} y2={to[1]} stroke={color} strokeWidth={4} />
      <path
        d="M 12 0 L -6 -9 L -6 9 Z"
        fill={color}
        transform={`translate(${to.join(' ')}) rotate(${angle})`}
      />
    </g>
  );
}
