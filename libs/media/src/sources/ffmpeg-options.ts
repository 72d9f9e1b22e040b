import type { ParsedSource } from './parse-source';

/** Containers that hold video; playlists and concatenations, which open further addresses, are not among them. */
const FILE_FORMATS =
  'mov,matroska,webm,avi,mpegts,mpeg,flv,asf,ivf,ogg,mxf,h264,hevc,m4v,mpegvideo,mjpeg,mjpeg_2000';
const HTTP_FORMATS = `hls,${FILE_FORMATS},aac,mp3,ac3,webvtt`;

export interface FfmpegInput {
  /** With user name and password in it: for `openInput` alone. */
  url: string;
  format: string | undefined;
  options: Record<string, string>;
  /** FFmpeg must look into the packets first: the container does not say what the video is. */
  needsStreamInfo: boolean;
}

interface FfmpegInputOptions {
  timeoutMs: number;
  /** Take sound too, to say whether there is any. */
  withAudio: boolean;
}

type Network = Extract<ParsedSource, { url: string }>;

function withCredentials({ url, credentials }: Network): string {
  if (!credentials) return url;
  const user = `${encodeURIComponent(credentials.username)}:${encodeURIComponent(credentials.password)}`;
  return url.replace('://', `://${user}@`);
}

function rtsp(source: Network, { timeoutMs, withAudio }: FfmpegInputOptions): FfmpegInput {
  return {
    url: withCredentials(source),
    format: 'rtsp',
    options: {
      rtsp_transport: source.transport,
      timeout: String(timeoutMs * 1000),
      protocol_whitelist: 'tcp,udp,rtp,tls',
      ...(withAudio ? {} : { allowed_media_types: 'video' }),
    },
    needsStreamInfo: false,
  };
}

/** A file whose bytes are handed to FFmpeg, which itself may open nothing: no address that the file may name. */
export const GIVEN_BYTES: FfmpegInput = {
  url: '',
  format: undefined,
  options: { probesize: '5000000', protocol_whitelist: 'none', format_whitelist: FILE_FORMATS },
  needsStreamInfo: true,
};

/** How FFmpeg is to open each kind of source. `http` here is HLS, MPEG-TS and the like, never JPEGs. */
export function ffmpegInput(source: ParsedSource, options: FfmpegInputOptions): FfmpegInput {
  const bounded = { probesize: '2000000', analyzeduration: '1500000', fpsprobesize: '4' };
  const rw_timeout = String(options.timeoutMs * 1000);
  switch (source.scheme) {
    case 'rtsp':
    case 'rtsps':
      return rtsp(source, options);
    case 'rtmp':
      return {
        url: withCredentials(source),
        format: 'flv',
        options: {
          ...bounded,
          analyzeduration: '400000',
          rw_timeout,
          rtmp_live: 'live',
          protocol_whitelist: 'rtmp,tcp',
        },
        needsStreamInfo: true,
      };
    case 'http':
    case 'https':
      return {
        url: withCredentials(source),
        format: undefined,
        options: {
          ...bounded,
          rw_timeout,
          user_agent: 'camfleet',
          live_start_index: '-1',
          allowed_extensions: 'ALL',
          extension_picky: '0',
          protocol_whitelist: 'http,https,tcp,tls,crypto',
          format_whitelist: HTTP_FORMATS,
        },
        needsStreamInfo: true,
      };
    case 'file':
      return {
        url: `file:${source.path}`,
        format: undefined,
        options: { probesize: '5000000', protocol_whitelist: 'file', format_whitelist: FILE_FORMATS },
        needsStreamInfo: true,
      };
    case 'device':
      return { url: source.path, format: 'video4linux2', options: {}, needsStreamInfo: false };
  }
}
