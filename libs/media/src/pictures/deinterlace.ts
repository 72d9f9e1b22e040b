import { Filter, FilterGraph, Frame } from 'node-av';

/** FFmpeg's `AV_FRAME_FLAG_INTERLACED`: the picture's odd and even lines were taken at two moments. */
const INTERLACED = 1 << 3;

/**
 * Makes a picture of the first of two fields where a frame says that it has two; what moves has combs otherwise. Looks
 * at this frame alone, so that it may be asked of any: 2 ms at 1080 lines (`estdif`: 95). Other frames cost nothing.
 * @returns a frame of the caller's; undefined where there is nothing to do, or FFmpeg cannot do it
 */
export async function deinterlaced(frame: Frame): Promise<Frame | undefined> {
  if ((frame.flags & INTERLACED) === 0) return undefined;
  using graph = new FilterGraph();
  graph.alloc();
  const size = `${frame.width}x${frame.height}`;
  const source = filter(graph, 'buffer', `video_size=${size}:pix_fmt=${frame.format}:time_base=1/1000`);
  const fields = filter(graph, 'w3fdif', 'mode=frame:filter=simple');
  const sink = filter(graph, 'buffersink');
  if (!source || !fields || !sink) return undefined;
  if (source.link(0, fields, 0) < 0 || fields.link(0, sink, 0) < 0 || (await graph.config()) < 0)
    return undefined;
  using input = frame.clone();
  if (!input || (await source.buffersrcAddFrame(input)) < 0) return undefined;
  await source.buffersrcAddFrame(null);
  const output = new Frame();
  output.alloc();
  if ((await sink.buffersinkGetFrame(output)) >= 0) {
    output.sampleAspectRatio = frame.sampleAspectRatio;
    return output;
  }
  output.free();
  return undefined;
}

function filter(graph: FilterGraph, name: string, options?: string) {
  const kind = Filter.getByName(name);
  return kind && graph.createFilter(kind, name, options);
}
