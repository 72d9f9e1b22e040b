import { useLayoutEffect, useRef } from 'react';
import { placeOf, type View } from './timeline-layout';
import classes from './timeline.module.css';
import { useMediaTime } from './use-media-time';
import type { Player } from './use-player';

export interface PlayheadProps {
  player: Player;
  view: View;
  /** The picture that is shown has just left the view. */
  onLeft: (timeMs: number) => void;
}

/** Where the player is. */
export function Playhead({ player, view, onLeft }: PlayheadProps) {
  const timeMs = useMediaTime(player);
  const isInside = timeMs >= view.fromMs && timeMs <= view.toMs;
  const before = useRef({ view, isInside });
  // Before the next key: an effect that comes later would undo what that key showed.
  useLayoutEffect(() => {
    const { view: viewBefore, isInside: wasInside } = before.current;
    before.current = { view, isInside };
    // Who moved the view themselves looks elsewhere.
    if (view === viewBefore && wasInside && !isInside) onLeft(timeMs);
  });
  if (!isInside) return null;
  return (
    <div className={classes.playway} aria-hidden>
      <div
        className={classes.playhead}
        style={{ left: `${placeOf({ startMs: timeMs, endMs: timeMs }, view).left}%` }}
      />
    </div>
  );
}
