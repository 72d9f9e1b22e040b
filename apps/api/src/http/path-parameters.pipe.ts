import { CamfleetError } from '@camfleet/domain';
import { isStorable } from '@camfleet/protocol';
import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';

/** An id that could not even be stored names nothing. */
@Injectable()
export class PathParametersPipe implements PipeTransform {
  transform(value: unknown, { type }: ArgumentMetadata): unknown {
    if (type === 'param' && !isStorable(value))
      throw new CamfleetError('NOT_FOUND', 'There is nothing of this name.');
    return value;
  }
}
