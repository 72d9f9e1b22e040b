import {
  type EmbedderRow,
  EmbeddersRepository,
  ModelChangeRepository,
  type StaleFace,
} from '@camfleet/database';
import { CamfleetError, normalised } from '@camfleet/domain';
import { EmbedResult, type PeopleModel } from '@camfleet/protocol';
import { AssetStore } from '@camfleet/storage';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { API_OPTIONS, type ApiOptions } from '../../core/api-options';
import { WorkerClient } from '../../workers/worker-client';
import { largest } from '../enrolment/seen-face';
import { ScoresService } from '../recognition/scores.service';

/** How often a change of the workers' embedder is looked for. */
const LOOK_INTERVAL_MS = 2_000;
/** Pictures of one tenant before the next one's turn. */
const PICTURES_A_TURN = 50;

/** What a worker says of a picture that nobody will ever read. */
const UNREADABLE: readonly string[] = ['UNSUPPORTED_MEDIA_TYPE', 'BODY_TOO_LARGE', 'VALIDATION_FAILED'];

/** What a worker made of a picture. `elsewhere`: it has another model. */
type Embedded = Float32Array | 'no face' | 'elsewhere';

/**
 * When the workers come with another embedder, everything that was embedded with the old one is embedded anew from
 * the pictures kept: one replica at a time, one picture at a time, and where it stopped it goes on.
 */
@Injectable()
export class ModelChangeService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly holder = randomUUID();
  private readonly stopping = new AbortController();
  private timer?: NodeJS.Timeout;
  private working?: Promise<void>;

  constructor(
    private readonly changes: ModelChangeRepository,
    private readonly embedders: EmbeddersRepository,
    private readonly scores: ScoresService,
    private readonly worker: WorkerClient,
    private readonly assets: AssetStore,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.working ??= this.work().finally(() => (this.working = undefined));
    }, LOOK_INTERVAL_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.working;
    await this.changes.leaveTurn(this.holder).catch(() => undefined);
  }

  async progress(tenantId: string): Promise<PeopleModel> {
    const current = await this.embedders.current(tenantId);
    const none = { done: 0, total: 0 };
    if (!current) return { model: null, version: null, threshold: null, faces: none, visits: none };
    const { name: model, version } = current;
    const thresholds = await this.scores.thresholds({ tenantId, model, modelVersion: version });
    const progress = await this.changes.progress(tenantId, { model, version });
    return { model, version, threshold: thresholds?.person ?? null, ...progress };
  }

  private async work(): Promise<void> {
    try {
      for (const tenantId of await this.embedders.tenants()) {
        if (this.stopping.signal.aborted) return;
        const current = await this.embedders.current(tenantId);
        if (current) await this.follow(tenantId, current);
      }
    } catch (err) {
      if (!this.stopping.signal.aborted) this.options.logger.warn({ err }, 'model_change.failed');
    }
  }

  private async follow(tenantId: string, { name, version }: EmbedderRow): Promise<void> {
    const to = { model: name, version };
    const stale = await this.changes.stale(tenantId, to, PICTURES_A_TURN);
    for (const face of stale) {
      if (this.stopping.signal.aborted || !(await this.changes.takeTurn(this.holder))) return;
      const embedded = await this.embed(tenantId, face, to);
      if (embedded === 'elsewhere') return;
      if (embedded === 'no face') await this.changes.giveUp(tenantId, face, to);
      else await this.changes.replace(tenantId, face, { to, embedding: embedded });
    }
    if (stale.length > 0) await this.changes.leaveTurn(this.holder);
  }

  private async embed(
    tenantId: string,
    { pictureKey }: StaleFace,
    to: { model: string; version: string },
  ): Promise<Embedded> {
    const picture = pictureKey === null ? null : await this.assets.get(pictureKey);
    if (!picture) return 'no face';
    try {
      const wanted = { name: to.model, version: to.version };
      const question = { path: '/embed', body: picture, answer: EmbedResult, model: wanted };
      const face = largest((await this.worker.askAny(tenantId, question)).faces);
      if (!face) return 'no face';
      const { model, version, vector } = face.embedding;
      return model === to.model && version === to.version
        ? normalised(Float32Array.from(vector))
        : 'elsewhere';
    } catch (error) {
      if (error instanceof CamfleetError && UNREADABLE.includes(error.code)) return 'no face';
      // Nobody can look at it now: later.
      if (error instanceof CamfleetError) return 'elsewhere';
      throw error;
    }
  }
}
