import { parseArgs } from 'node:util';
import { type SimulatedCamera, startCameraSimulator } from './simulator';

const USAGE = `node tools/camera-simulator/dist/cli.js --clip FILE.h264 [--clip …] [options]
  --cameras N          how many (/cam1 …); default 1; they take the clips by turns
  --fps N              of the clips; default 15
  --other-clip FILE    what the fault "resolution" changes to
  --host, --port       default 127.0.0.1, 8554
  --control-port N     faults over HTTP: curl -X PUT http://127.0.0.1:N/cameras/cam1/fault/stall
  --auth USER:PASSWORD`;
const START_OFFSET_MS = 3700;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      clip: { type: 'string', multiple: true, default: [] },
      cameras: { type: 'string', default: '1' },
      fps: { type: 'string', default: '15' },
      'other-clip': { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '8554' },
      'control-port': { type: 'string' },
      auth: { type: 'string' },
    },
  });
  const [firstClip] = values.clip;
  if (firstClip === undefined) throw new Error(USAGE);
  const colon = values.auth?.indexOf(':') ?? -1;
  const credentials = values.auth
    ? { username: values.auth.slice(0, colon), password: values.auth.slice(colon + 1) }
    : {};
  const cameras = Array.from({ length: Number(values.cameras) }, (_, index): SimulatedCamera => ({
    path: `/cam${index + 1}`,
    clip: values.clip[index % values.clip.length] ?? firstClip,
    fps: Number(values.fps),
    otherClip: values['other-clip'],
    startOffsetMs: index * START_OFFSET_MS,
    ...credentials,
  }));
  const simulator = await startCameraSimulator({
    host: values.host,
    port: Number(values.port),
    controlPort: values['control-port'] === undefined ? undefined : Number(values['control-port']),
    cameras,
  });
  for (const { path } of cameras) process.stdout.write(`${simulator.url(path)}\n`);
  if (simulator.controlUrl) process.stdout.write(`${simulator.controlUrl}/cameras\n`);
  const stop = (): void => void simulator.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
