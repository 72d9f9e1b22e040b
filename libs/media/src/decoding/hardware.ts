import {
  AV_HWDEVICE_TYPE_CUDA,
  AV_HWDEVICE_TYPE_D3D11VA,
  AV_HWDEVICE_TYPE_VAAPI,
  AV_HWDEVICE_TYPE_VIDEOTOOLBOX,
  AV_LOG_QUIET,
  type Codec,
  HardwareDeviceContext,
  Log,
} from 'node-av';

/** Kinds that can hand pictures back to memory, most capable first. */
const KINDS = [
  AV_HWDEVICE_TYPE_CUDA,
  AV_HWDEVICE_TYPE_VAAPI,
  AV_HWDEVICE_TYPE_VIDEOTOOLBOX,
  AV_HWDEVICE_TYPE_D3D11VA,
];

let devices: HardwareDeviceContext[] | undefined;

/** The machine's devices that open, found once per process: most machines have none. */
function openDevices(): HardwareDeviceContext[] {
  Log.setLevel(AV_LOG_QUIET); // a machine without hardware is no error
  devices ??= KINDS.flatMap((kind) => {
    const device = new HardwareDeviceContext();
    if (device.create(kind) >= 0) return [device];
    device.free();
    return [];
  });
  return devices;
}

/** A device of this machine that decodes this codec; undefined when there is none. */
export function hardwareFor(codec: Codec): HardwareDeviceContext | undefined {
  return openDevices().find((device) => codec.isHardwareAcceleratedDecoder(device.type));
}
