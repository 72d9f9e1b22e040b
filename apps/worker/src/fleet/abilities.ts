import { arch, availableParallelism, cpus, totalmem } from 'node:os';
import type { RegisterRequest } from '@camfleet/protocol';
import { CAMERAS_PER_CHILD } from '../process/ipc';

/**
 * What one core decodes, scales and looks at for faces: 1080p25 takes about an eighth of a 2020s server core
 * (tools/bench, row 1). A third is left for bursts: a keyframe, a viewer who joins, a camera that comes over.
 */
const PIXELS_PER_SECOND_A_CORE = 300e6;

/** What this machine can take, and what cameras may require of it. */
export function abilities(decoderProcesses: number): Pick<RegisterRequest, 'capacity' | 'hardware'> {
  const cores = availableParallelism();
  return {
    capacity: {
      cameras: decoderProcesses * CAMERAS_PER_CHILD,
      pixelsPerSecond: cores * PIXELS_PER_SECOND_A_CORE,
    },
    hardware: {
      arch: arch(),
      cpu: cpus()[0]?.model ?? 'unknown',
      cores,
      memoryGiB: Math.round(totalmem() / 1024 ** 3),
    },
  };
}
