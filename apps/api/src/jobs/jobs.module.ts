import { Module } from '@nestjs/common';
import { ResultSinks } from './result-sinks';

/** Jobs and the protocol by which anyone's worker does them. */
@Module({ providers: [ResultSinks], exports: [ResultSinks] })
export class JobsModule {}
