import { type Variant, formatPart, servedVariant, variantKey } from '@camfleet/domain';
import type { PictureHeader, View } from '../process/ipc';

/** A part this old is not shown to a viewer that joins. */
const JOIN_MAX_AGE_MS = 2_000;

export interface FeedViewer {
  /** Takes the newest part, or drops an older one for it. */
  write(part: Buffer): void;
  /** The camera runs here no more. */
  end(): void;
}

interface Channel {
  variant: Variant;
  /** With the pictures a second that each wants. */
  viewers: Map<FeedViewer, number>;
  latest?: { part: Buffer; atMs: number };
}

export interface Picture {
  jpeg: Buffer;
  timestampMs: number;
}

/** The encoded pictures of all cameras on their way to the viewers: one encoding a variant, shared by all. */
export class FeedHub {
  private readonly channels = new Map<string, Map<string, Channel>>();
  private readonly lastPictures = new Map<string, Picture>();

  constructor(private readonly options: { watch: (cameraId: string, views: View[]) => void }) {}

  /** Begins to show pictures. A further variant beyond the camera's four is served by the nearest of them. */
  join(cameraId: string, wanted: View, viewer: FeedViewer): Disposable {
    const channel = this.channelFor(cameraId, wanted.variant);
    channel.viewers.set(viewer, wanted.fps);
    if (channel.latest && performance.now() - channel.latest.atMs < JOIN_MAX_AGE_MS) {
      viewer.write(channel.latest.part);
    }
    this.tellViews(cameraId);
    return {
      [Symbol.dispose]: () => {
        if (channel.viewers.delete(viewer)) this.tellViews(cameraId);
      },
    };
  }

  publish(header: PictureHeader, jpeg: Buffer): void {
    const { cameraId, timestampMs, slate } = header;
    if (!slate && !header.variant.overlay) this.keep(cameraId, { jpeg, timestampMs });
    const channel = this.channels.get(cameraId)?.get(variantKey(header.variant));
    if (!channel) return;
    const part = formatPart({ jpeg, timestampMs, slate });
    channel.latest = { part, atMs: performance.now() };
    for (const viewer of channel.viewers.keys()) viewer.write(part);
  }

  /** The last known good picture, of whatever size. */
  lastPicture(cameraId: string): Picture | undefined {
    return this.lastPictures.get(cameraId);
  }

  keep(cameraId: string, picture: Picture): void {
    this.lastPictures.set(cameraId, picture);
  }

  viewerCount(cameraId: string): number {
    const channels = [...(this.channels.get(cameraId)?.values() ?? [])];
    return channels.reduce((sum, { viewers }) => sum + viewers.size, 0);
  }

  /** The camera was taken away: its viewers end, and its pictures are forgotten. */
  endCamera(cameraId: string): void {
    const viewers = [...(this.channels.get(cameraId)?.values() ?? [])].flatMap((c) => [...c.viewers.keys()]);
    this.channels.delete(cameraId);
    this.lastPictures.delete(cameraId);
    for (const viewer of viewers) viewer.end();
  }

  endAll(): void {
    for (const cameraId of [...this.channels.keys()]) this.endCamera(cameraId);
  }

  private channelFor(cameraId: string, wanted: Variant): Channel {
    const channels = this.channels.get(cameraId) ?? new Map<string, Channel>();
    this.channels.set(cameraId, channels);
    for (const [key, { viewers }] of channels) if (viewers.size === 0) channels.delete(key);
    const variant = servedVariant(
      wanted,
      [...channels.values()].map((channel) => channel.variant),
    );
    const channel = channels.get(variantKey(variant)) ?? { variant, viewers: new Map() };
    channels.set(variantKey(variant), channel);
    return channel;
  }

  private views(cameraId: string): View[] {
    return [...(this.channels.get(cameraId)?.values() ?? [])]
      .filter(({ viewers }) => viewers.size > 0)
      .map(({ variant, viewers }) => ({ variant, fps: Math.max(...viewers.values()) }));
  }

  private tellViews(cameraId: string): void {
    this.options.watch(cameraId, this.views(cameraId));
  }
}
