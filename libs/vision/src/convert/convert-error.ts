/** A model that cannot be converted; the message says what of it is not understood. */
export class ConvertError extends Error {
  override readonly name = 'ConvertError';
  readonly code = 'MODEL_NOT_CONVERTIBLE';
}
