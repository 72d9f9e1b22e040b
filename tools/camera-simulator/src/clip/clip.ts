import { readFile } from 'node:fs/promises';
import { type FramePackets, packetise } from '../rtp/h264-packets';
import { NAL_TYPE, nalType, splitNals, toAccessUnits } from './annex-b';

/** One looped recording, packetised once and shared by every camera that shows it. */
export interface Clip {
  fps: number;
  frames: FramePackets[];
  sps: Buffer;
  pps: Buffer;
}

/** Reads an H.264 file (annex B, no B-frames). Throws if it holds no keyframe with parameter sets. */
export async function loadClip(path: string, fps: number): Promise<Clip> {
  return parseClip(await readFile(path), fps);
}

export function parseClip(stream: Buffer, fps: number): Clip {
  const nals = splitNals(stream);
  const sps = nals.find((nal) => nalType(nal) === NAL_TYPE.sps);
  const pps = nals.find((nal) => nalType(nal) === NAL_TYPE.pps);
  const units = toAccessUnits(nals);
  const firstKeyframe = units.findIndex((unit) => unit.isKeyframe);
  if (!sps || !pps || sps.length < 4 || firstKeyframe < 0) {
    throw new Error('The clip is no H.264 byte stream with a keyframe and its parameter sets.');
  }
  return { fps, sps, pps, frames: units.slice(firstKeyframe).map(packetise) };
}
