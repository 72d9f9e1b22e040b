import { fitWithin, type RgbImage, type Size } from '@camfleet/domain';
import type { PictureInput } from '../models/picture-input';
import { sampleRegion } from './sample-region';

/** The size that a picture has in a model's input: all of it, or the largest of the picture's own shape. */
export function fitInput(size: Size, input: PictureInput): Size {
  return input.fit === 'stretch' ? { width: input.width, height: input.height } : fitWithin(size, input);
}

/** Where red, green and blue of a pixel go, and how: `tensor[pixel · step + offset] = (value - mean) · scale`. */
export interface ChannelPlan {
  step: number;
  red: Channel;
  green: Channel;
  blue: Channel;
}

interface Channel {
  offset: number;
  mean: number;
  scale: number;
}

/** @param input of three channels; `mean` and `scale` are in their order */
export function channelPlan({ layout, channels, width, height, mean, scale }: PictureInput): ChannelPlan {
  const of = (value: PictureInput['mean'], index: number) =>
    typeof value === 'number' ? value : (value[index] ?? 0);
  const apart = layout === 'NCHW' ? width * height : 1;
  const channel = (colour: number): Channel => {
    const place = channels === 'BGR' ? 2 - colour : colour;
    return { offset: place * apart, mean: of(mean, place), scale: of(scale, place) };
  };
  return { step: layout === 'NCHW' ? 1 : 3, red: channel(0), green: channel(1), blue: channel(2) };
}

/**
 * Puts a picture into a model's input. One that has the size of `fitInput` is taken as it is; any other is scaled
 * first.
 * @param tensor as many numbers as the input has, in its layout
 * @returns the size that the picture has in it
 */
export function placePicture(image: RgbImage, input: PictureInput, tensor: Float32Array): Size {
  const size = fitInput(image, input);
  const fits = size.width === image.width && size.height === image.height;
  const whole = { x: 0, y: 0, width: image.width, height: image.height };
  const { data, width, height } = fits ? image : sampleRegion(image, whole, size);
  const { step, red, green, blue } = channelPlan(input);
  const hasBars = width < input.width || height < input.height;
  [red, green, blue].forEach(({ offset, mean, scale }, colour) => {
    if (hasBars) {
      const bar = (input.pad - mean) * scale;
      const end = input.width * input.height * step;
      if (step === 1) tensor.fill(bar, offset, offset + end);
      else for (let to = offset; to < end; to += step) tensor[to] = bar;
    }
    let from = colour;
    for (let y = 0; y < height; y += 1) {
      const end = (y * input.width + width) * step + offset;
      for (let to = y * input.width * step + offset; to < end; to += step) {
        tensor[to] = ((data[from] ?? 0) - mean) * scale;
        from += 3;
      }
    }
  });
  return size;
}
