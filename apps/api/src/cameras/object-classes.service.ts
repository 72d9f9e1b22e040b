import { CamfleetError, COCO_CLASSES } from '@camfleet/domain';
import { WorkersRepository } from '@camfleet/database';
import type { Analysis } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';

/** What can be looked for: COCO's classes, and those of detectors that a tenant's workers brought along. */
@Injectable()
export class ObjectClasses {
  constructor(private readonly workers: WorkersRepository) {}

  /** Throws `VALIDATION_FAILED`: what nobody knows would be looked for in vain, without a word. */
  async check(tenantId: string, analysis: Analysis | undefined): Promise<void> {
    const wanted = (analysis?.objects.classes ?? []).filter((label) => !COCO_CLASSES.includes(label));
    if (wanted.length === 0) return;
    const known = [...COCO_CLASSES, ...(await this.workers.objectLabels(tenantId))];
    const unknown = wanted.filter((label) => !known.includes(label));
    if (unknown.length === 0) return;
    throw new CamfleetError(
      'VALIDATION_FAILED',
      `analysis.objects.classes: no detector finds "${unknown.join('", "')}"; known are: ${known.join(', ')}.`,
      { details: { unknown, known } },
    );
  }
}
