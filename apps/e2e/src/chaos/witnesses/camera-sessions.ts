import type { OnPlay } from '@camfleet/camera-simulator';

/** Somebody pulled a camera's video. Times in ms of the run. */
export interface Session {
  path: string;
  /** The address it came from. */
  peer: string;
  fromMs: number;
  /** Undefined: still. */
  toMs?: number;
}

/** What the cameras saw of their players. */
export class CameraSessions {
  readonly sessions: Session[] = [];

  constructor(private readonly nowMs: () => number) {}

  readonly onPlay: OnPlay = ({ path, peer }) => {
    const session: Session = { path, peer, fromMs: this.nowMs() };
    this.sessions.push(session);
    return () => (session.toMs = this.nowMs());
  };
}
