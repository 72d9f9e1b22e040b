import { type Variant, servedVariant, variantKey } from '@camfleet/domain';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ApiMetrics } from '../core/api-metrics';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { ChangeFeed } from '../core/change-feed';
import { WorkerClient } from '../workers/worker-client';
import { FeedChannel, type FeedViewer } from './feed-channel';
import { FeedTargets } from './feed-target';
import { LastPictures } from './last-pictures';
import { ViewerCounts } from './viewer-counts';

/** Every feed that this replica serves: a channel for each camera and variant that somebody watches. */
@Injectable()
export class FeedHub implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly channels = new Map<string, Map<string, FeedChannel>>();

  constructor(
    private readonly changes: ChangeFeed,
    private readonly targets: FeedTargets,
    private readonly worker: WorkerClient,
    private readonly counts: ViewerCounts,
    private readonly metrics: ApiMetrics,
    private readonly lastPictures: LastPictures,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  onApplicationBootstrap(): void {
    this.changes.on('change', ({ kind, id }) => {
      if (kind === 'camera') for (const channel of this.channels.get(id)?.values() ?? []) channel.changed();
    });
    this.changes.on('resync', () => {
      for (const channels of this.channels.values())
        for (const channel of channels.values()) channel.changed();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    for (const channels of this.channels.values()) for (const channel of channels.values()) channel.stop();
    await this.lastPictures.close();
  }

  /** Answers what ends the viewing. A fifth variant of a camera gets the nearest of the four. */
  watch(cameraId: string, variant: Variant, viewer: FeedViewer): () => void {
    const channel = this.channelFor(cameraId, variant);
    this.counts.change(cameraId, 1);
    channel.add(viewer);
    let watching = true;
    return () => {
      if (!watching) return;
      watching = false;
      this.counts.change(cameraId, -1);
      channel.remove(viewer);
      if (channel.viewerCount === 0) this.forget(cameraId, { channel, keepsPicture: true });
    };
  }

  private channelFor(cameraId: string, wanted: Variant): FeedChannel {
    const channels = this.channels.get(cameraId) ?? new Map<string, FeedChannel>();
    this.channels.set(cameraId, channels);
    const variant = servedVariant(
      wanted,
      [...channels.values()].map((channel) => channel.variant),
    );
    const known = channels.get(variantKey(variant));
    if (known) return known;
    const { targets, worker, options } = this;
    const channel: FeedChannel = new FeedChannel({
      cameraId,
      variant,
      targets,
      worker,
      logger: options.logger,
      onEnded: (reason) => this.forget(cameraId, { channel, keepsPicture: reason !== 'deleted' }),
    });
    channels.set(variantKey(variant), channel);
    this.metrics.upstreams.inc();
    return channel;
  }

  private forget(
    cameraId: string,
    { channel, keepsPicture }: { channel: FeedChannel; keepsPicture: boolean },
  ): void {
    const channels = this.channels.get(cameraId);
    if (channels?.get(variantKey(channel.variant)) !== channel) return;
    channels.delete(variantKey(channel.variant));
    if (channels.size === 0) this.channels.delete(cameraId);
    this.metrics.upstreams.dec();
    const picture = channel.lastPicture;
    if (keepsPicture && picture && !channel.variant.overlay) this.lastPictures.keep(cameraId, picture);
  }
}
