import { AV_CODEC_ID_MJPEG } from 'node-av';
import { startsAsJpeg } from '@camfleet/domain';
import { refuseAbsurdSize } from '../decoding/limits';
import { readImageHeader } from '../pictures/image-header';
import { MediaPacket } from '../sources/media-packet';
import type { VideoStream } from '../sources/media-source';
import { withHuffmanTables } from './huffman-tables';

/** True when the end-of-image marker is there (a few bytes of padding behind it are usual). */
function isWhole(jpeg: Buffer): boolean {
  return jpeg.subarray(-32).lastIndexOf('\xff\xd9', undefined, 'latin1') >= 0;
}

/** Makes packets of the JPEGs that a camera sends; a change of size begins a new stream. */
export class JpegStream {
  private stream: VideoStream | undefined;

  /** Undefined for junk: what is no JPEG, has no size or no end. @throws SourceError for absurd sizes */
  packet(body: Buffer): MediaPacket | undefined {
    if (!startsAsJpeg(body) || !isWhole(body)) return undefined;
    const header = readImageHeader(body);
    if (!header || header.width === 0 || header.height === 0) return undefined;
    refuseAbsurdSize(header);
    if (header.width !== this.stream?.width || header.height !== this.stream.height) {
      this.stream = {
        codec: 'mjpeg',
        codecId: AV_CODEC_ID_MJPEG,
        parameters: undefined,
        width: header.width,
        height: header.height,
        fps: undefined,
        hasAudio: false,
        rotation: 0,
      };
    }
    return MediaPacket.fromJpeg(withHuffmanTables(body), this.stream);
  }
}
