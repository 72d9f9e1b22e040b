import type { Clip } from '../clip/clip';
import { CLOCK_HZ, PAYLOAD_TYPE } from '../rtp/h264-packets';

export const TRACK = 'trackID=0';

/** The session description of a clip; the decoder is set up from its parameter sets (RFC 6184, section 8.2.1). */
export function describeClip(clip: Clip, host: string): string {
  const profile = clip.sps.subarray(1, 4).toString('hex');
  const parameterSets = [clip.sps, clip.pps].map((nal) => nal.toString('base64')).join(',');
  const family = host.includes(':') ? 'IP6' : 'IP4';
  const lines = [
    'v=0',
    `o=- 1 1 IN ${family} ${host}`,
    's=Camfleet camera simulator',
    `c=IN ${family} ${family === 'IP6' ? '::' : '0.0.0.0'}`,
    't=0 0',
    'a=control:*',
    'a=range:npt=now-',
    `m=video 0 RTP/AVP ${PAYLOAD_TYPE}`,
    `a=rtpmap:${PAYLOAD_TYPE} H264/${CLOCK_HZ}`,
    `a=fmtp:${PAYLOAD_TYPE} packetization-mode=1;profile-level-id=${profile};sprop-parameter-sets=${parameterSets}`,
    `a=framerate:${clip.fps}`,
    `a=control:${TRACK}`,
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}
