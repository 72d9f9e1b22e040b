import type { ChaosFleet } from '../chaos-fleet';
import { type Fault, repeatedly } from './fault';

const FLAP_MS = 2_000;

/** The first camera comes and goes. */
export function cameraFaults({ simulator }: ChaosFleet): Fault[] {
  const camera = simulator.camera('/cam1');
  return [
    {
      kind: 'flap a camera every 2 s',
      target: camera.path,
      lastsMs: [8_000, 40_000],
      begin: async () => {
        const stop = repeatedly(FLAP_MS, () =>
          camera.fault(camera.activeFault === 'none' ? 'refuse' : 'none'),
        );
        return async () => {
          stop();
          camera.fault('none');
        };
      },
    },
  ];
}
