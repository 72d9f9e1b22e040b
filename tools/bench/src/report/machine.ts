import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ffmpegVersion } from '../reference/ffmpeg';

const LIBRARIES = ['node-av', 'onnxruntime-node'] as const;

/** What the figures depend on. */
export async function describeMachine(root: string): Promise<Record<string, string>> {
  const processors = cpus();
  const gibibytes = (totalmem() / 1024 ** 3).toFixed(1);
  return {
    date: new Date().toISOString(),
    processor: `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}, ${gibibytes} GiB`,
    'load before': loadavg()
      .map((load) => load.toFixed(2))
      .join(' '),
    system: `Linux ${release()}, Node ${process.version}`,
    ffmpeg: (await ffmpegVersion()) ?? 'not installed: rows 1 and 2 were not measured',
    libraries: LIBRARIES.map((name) => `${name} ${installedVersion(root, name)}`).join(', '),
  };
}

function installedVersion(root: string, name: string): string {
  const text = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
