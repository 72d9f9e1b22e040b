import { open, rename } from 'node:fs/promises';
import {
  AV_LOG_ERROR,
  AV_OPT_SEARCH_CHILDREN,
  AV_OPT_TYPE_STRING,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AVERROR_EOF,
  Codec,
  CodecContext,
  FF_ENCODER_LIBX264,
  FFmpegError,
  FilterGraph,
  Frame,
  Log,
  Packet,
  Rational,
} from 'node-av';

export interface ClipRecipe {
  /** FFmpeg filters that make the whole clip, without input and without sink, with an end of their own. */
  filters: string;
  width: number;
  height: number;
  fps: number;
  keyframeEveryFrames: number;
  /** x264's constant rate factor; default 23. */
  quality?: number;
}

const SINK = 'buffersink@clip';

/**
 * Encodes what the filters draw to an H.264 file (annex B): no B-frames, a keyframe exactly every
 * `keyframeEveryFrames`, parameter sets before each. The file appears whole or not at all. Resolves to the
 * number of frames.
 */
export async function encodeClip(path: string, recipe: ClipRecipe): Promise<number> {
  Log.setLevel(AV_LOG_ERROR);
  const partial = `${path}.partial`;
  const file = await open(partial, 'w');
  let frames: number;
  try {
    frames = await encode(recipe, (bytes) => file.appendFile(bytes));
  } finally {
    await file.close();
  }
  await rename(partial, path);
  return frames;
}

async function encode(recipe: ClipRecipe, write: (bytes: Buffer) => Promise<void>): Promise<number> {
  using graph = new FilterGraph();
  graph.alloc();
  FFmpegError.throwIfError(graph.parsePtr(`${recipe.filters},format=yuv420p,${SINK}`), 'filters');
  FFmpegError.throwIfError(await graph.config(), 'filter graph');
  const sink = graph.getFilter(SINK);
  if (!sink) throw new Error('The filter graph has no sink.');
  using encoder = openEncoder(recipe);
  using frame = new Frame();
  frame.alloc();
  using packet = new Packet();
  packet.alloc();

  const drain = async (): Promise<void> => {
    while ((await encoder.receivePacket(packet)) >= 0) {
      if (packet.data) await write(Buffer.from(packet.data));
      packet.unref();
    }
  };
  let frames = 0;
  for (;;) {
    const got = await sink.buffersinkGetFrame(frame);
    if (got === AVERROR_EOF) break;
    FFmpegError.throwIfError(got, 'filter');
    frame.pts = BigInt(frames++);
    // The filters' own picture types would force keyframes.
    frame.pictType = AV_PICTURE_TYPE_NONE;
    FFmpegError.throwIfError(await encoder.sendFrame(frame), 'encode');
    frame.unref();
    await drain();
  }
  await encoder.sendFrame(null);
  await drain();
  return frames;
}

function openEncoder({ width, height, fps, keyframeEveryFrames, quality = 23 }: ClipRecipe): CodecContext {
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
  if (!codec) throw new Error('This build of node-av has no libx264.');
  const encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.width = width;
  encoder.height = height;
  encoder.pixelFormat = AV_PIX_FMT_YUV420P;
  encoder.timeBase = new Rational(1, fps);
  encoder.framerate = new Rational(fps, 1);
  // One thread: the same recipe gives the same bytes on every machine.
  encoder.threadCount = 1;
  // Set one by one: a Dictionary handed to open2 is freed twice (node-av 6.1.1).
  const options = {
    preset: 'veryfast',
    crf: String(quality),
    'x264-params': `keyint=${keyframeEveryFrames}:min-keyint=${keyframeEveryFrames}:scenecut=0:bframes=0:repeat-headers=1`,
  };
  for (const [name, value] of Object.entries(options)) {
    const set = encoder.setOption(name, value, AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN);
    FFmpegError.throwIfError(set, `encoder option ${name}`);
  }
  FFmpegError.throwIfError(encoder.open2Sync(codec), 'encoder');
  return encoder;
}
