import type { CSSProperties } from 'react';
import { useTracksAt } from '../videos/use-findings';
import { boxesAt } from './boxes-at';
import { labelColor } from './label-color';
import classes from './player.module.css';
import { trackTitle } from './track-words';
import { useMediaTime } from './use-media-time';
import type { Player } from './use-player';

export interface TrackOverlayProps {
  videoId: string;
  player: Pick<Player, 'video' | 'firstPictureMs'>;
}

/** Boxes around what is in the picture that is shown. */
export function TrackOverlay({ videoId, player }: TrackOverlayProps) {
  const timeMs = useMediaTime(player);
  const tracks = useTracksAt(videoId, timeMs);
  return (
    <div className={classes.overlay} data-testid="boxes" aria-hidden>
      {boxesAt(tracks, timeMs).map(({ track, box: [x, y, width, height] }) => (
        <span
          key={`${track.analysis} ${track.trackId}`}
          className={classes.box}
          style={boxStyle({ x, y, width, height, color: labelColor(track.label) })}
        >
          <span className={classes.tag} data-inside={y < 0.06}>
            {trackTitle(track)}
          </span>
        </span>
      ))}
    </div>
  );
}

interface BoxLook {
  x: number;
  y: number;
  width: number;
  height: number;
  color: string;
}

const percent = (share: number) => `${share * 100}%`;

const boxStyle = ({ x, y, width, height, color }: BoxLook) =>
  ({
    left: percent(x),
    top: percent(y),
    width: percent(width),
    height: percent(height),
    '--label': color,
  }) as CSSProperties;
