import { LoginRequest, Me } from '@camfleet/protocol';
import { fastifyCookie } from '@fastify/cookie';
import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller, Public } from './access.decorator';
import { SESSION_COOKIE, sessionToken } from './authenticator';
import type { Principal } from './principal';
import { SessionsService } from './sessions.service';

class LoginRequestDto extends createZodDto(LoginRequest) {}
class MeDto extends createZodDto(Me) {}

@ApiTags('Access')
@Controller('api/auth')
export class AuthController {
  constructor(private readonly sessions: SessionsService) {}

  @Post('login')
  @ApiOperation({ summary: 'Log in; the answer sets the session cookie' })
  @Public()
  @ZodResponse({ status: 200, type: MeDto })
  async login(
    @Body() login: LoginRequestDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { me, token, expiresAt } = await this.sessions.open(login, request.ip);
    setCookie(reply, token, { expires: expiresAt, secure: request.protocol === 'https' });
    return me;
  }

  @Post('logout')
  @ApiOperation({ summary: 'Log out: the session ends' })
  @Public()
  @HttpCode(204)
  async logout(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const token = sessionToken(request.headers);
    if (token) await this.sessions.close(token);
    setCookie(reply, '', { expires: new Date(0), secure: request.protocol === 'https' });
  }

  @Get('me')
  @ApiOperation({ summary: 'Who is asking, and with which role' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: MeDto })
  me(@Caller() { id, name, kind, role, tenantId }: Principal) {
    return { id, name, kind, role, tenantId };
  }
}

function setCookie(reply: FastifyReply, value: string, options: { expires: Date; secure: boolean }): void {
  const cookie = fastifyCookie.serialize(SESSION_COOKIE, value, {
    ...options,
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
  });
  void reply.header('Set-Cookie', cookie);
}
