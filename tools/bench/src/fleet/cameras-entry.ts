import { type SimulatedCamera, startCameraSimulator } from '@camfleet/camera-simulator';

/** The cameras, in a process of their own: `node cameras-entry.js <JSON of cameras> <host>`. */
async function main(): Promise<void> {
  const cameras: SimulatedCamera[] = JSON.parse(process.argv[2] ?? '[]');
  const simulator = await startCameraSimulator({ cameras, host: process.argv[3] });
  process.on('message', (path: string) => simulator.camera(path).fault('drop'));
  process.once('disconnect', () => process.exit(0));
  process.send?.(cameras.map(({ path }) => simulator.url(path)));
}

void main();
