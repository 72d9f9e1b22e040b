import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { ZodSerializerInterceptor, ZodValidationPipe } from 'nestjs-zod';
import { ErrorFilter } from './error.filter';
import { PathParametersPipe } from './path-parameters.pipe';
import { WebSocketRouter } from './websocket-router';

/** How requests come in and errors go out. */
@Global()
@Module({
  providers: [
    WebSocketRouter,
    { provide: APP_FILTER, useClass: ErrorFilter },
    { provide: APP_PIPE, useClass: PathParametersPipe },
    { provide: APP_PIPE, useClass: ZodValidationPipe },
    { provide: APP_INTERCEPTOR, useClass: ZodSerializerInterceptor },
  ],
  exports: [WebSocketRouter],
})
export class HttpModule {}
