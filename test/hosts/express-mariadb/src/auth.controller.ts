import { Body, Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import { AuthService, type Tokens } from './auth.service.js';
import { Public, type SignedInRequest } from './signed-in.guard.js';

@Controller('auth')
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @Public()
  @Post('sign-in')
  @HttpCode(200)
  signIn(@Body() { login, password }: { login: string; password: string }): Promise<Tokens> {
    return this.auth.signIn(login, password);
  }

  @Public()
  @Post('refresh')
  @HttpCode(200)
  refresh(@Body() { refreshToken }: { refreshToken: string }): Promise<Tokens> {
    return this.auth.refresh(refreshToken);
  }

  @Get('me')
  me(@Req() { subject }: SignedInRequest): { subject: string } {
    return { subject };
  }
}
