import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthController } from './auth.controller';
import { AuthGuard } from './auth.guard';
import { Authenticator } from './authenticator';
import { KeysController } from './keys.controller';
import { KnownKeys } from './known-keys';
import { OpenStreams } from './open-streams';
import { SessionsService } from './sessions.service';
import { TicketService } from './ticket.service';
import { TrustedNetworks } from './trusted-networks';
import { UsersController } from './users.controller';
import { UsersService } from './users.service';

@Global()
@Module({
  controllers: [AuthController, KeysController, UsersController],
  providers: [
    Authenticator,
    KnownKeys,
    OpenStreams,
    SessionsService,
    TicketService,
    TrustedNetworks,
    UsersService,
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
  exports: [Authenticator, OpenStreams, TicketService, UsersService],
})
export class AuthModule {}
