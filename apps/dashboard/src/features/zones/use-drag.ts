import { useRef, type PointerEvent } from 'react';
import type { Point } from './zone-shapes';

/**
 * What an element of the picture needs to be dragged by mouse, finger or pen. `onMove` is told how far since it was
 * taken, in fractions of the picture, and refers to what it saw when it was taken.
 */
export function useDrag({ width, height }: { width: number; height: number }) {
  const taken = useRef<{ pointerId: number; x: number; y: number; onMove: (by: Point) => void } | null>(null);
  return (onMove: (by: Point) => void, onTake?: () => void) => ({
    onPointerDown: (event: PointerEvent<SVGElement>) => {
      if (event.button !== 0) return;
      event.stopPropagation();
      event.currentTarget.setPointerCapture(event.pointerId);
      taken.current = { pointerId: event.pointerId, x: event.clientX, y: event.clientY, onMove };
      onTake?.();
    },
    onPointerMove: (event: PointerEvent) => {
      const from = taken.current;
      if (from?.pointerId !== event.pointerId) return;
      from.onMove([(event.clientX - from.x) / width, (event.clientY - from.y) / height]);
    },
    onPointerUp: () => {
      taken.current = null;
    },
    onPointerCancel: () => {
      taken.current = null;
    },
  });
}
