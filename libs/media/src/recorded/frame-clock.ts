/**
 * Tells each picture's time since the first one, in whole ms, in the order in which they are shown. Where a container
 * gives no times, by the frame rate; where its clock starts anew, on from the last picture.
 */
export class FrameClock {
  private originMs: number | undefined;
  private lastMs: number | undefined;
  private mayGoBack = false;

  /** @param frameMs what a picture lasts where nothing else says so */
  constructor(private readonly frameMs: number) {}

  /** Of the first picture, in the container's own time; undefined before it and where it has none. */
  get origin(): number | undefined {
    return this.originMs;
  }

  /**
   * @param mediaMs the container's time; undefined when it gave none
   * @returns undefined of a picture that was shown already
   */
  next(mediaMs: number | undefined): number | undefined {
    const exact = this.exact(mediaMs);
    if (this.lastMs !== undefined && exact <= this.lastMs) return undefined;
    this.lastMs = exact;
    return Math.round(exact);
  }

  /** A picture that is not decoded is shown then, in the container's own time. */
  pass(mediaMs: number): void {
    if (this.lastMs !== undefined) this.lastMs = Math.max(this.lastMs, mediaMs - (this.originMs ?? mediaMs));
  }

  /** The container's clock went back: the next picture that is behind begins a new count, and is not one too late. */
  startAnew(): void {
    this.mayGoBack = true;
  }

  /** The next picture is from elsewhere in the video. */
  jump(): void {
    this.lastMs = undefined;
    this.mayGoBack = false;
  }

  private exact(mediaMs: number | undefined): number {
    const following = this.lastMs === undefined ? 0 : this.lastMs + this.frameMs;
    if (mediaMs === undefined) return following;
    this.originMs ??= mediaMs - following;
    const time = mediaMs - this.originMs;
    if (this.lastMs === undefined || time > this.lastMs || !this.mayGoBack) return time;
    this.mayGoBack = false;
    this.originMs = mediaMs - following;
    return following;
  }
}
