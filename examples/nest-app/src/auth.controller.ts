import { Body, Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import { AuthService, type Tokens } from './auth.service.js';
import { Public, type SignedInRequest } from './signed-in.guard.js';

@Controller()
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @Public()
  @Post('users')
  signUp(@Body() { login, email, password }: Record<string, unknown>): Promise<{ id: string }> {
    return this.auth.signUp(String(login), String(email), String(password));
  }

  @Public()
  @Post('sign-in')
  @HttpCode(200)
  signIn(@Body() { login, password }: Record<string, unknown>): Promise<Tokens> {
    return this.auth.signIn(String(login), String(password));
  }

  @Public()
  @Post('refresh')
  @HttpCode(200)
  refresh(@Body() { refreshToken }: Record<string, unknown>): Promise<Tokens> {
    return this.auth.refresh(String(refreshToken));
  }

  @Get('me')
  me(@Req() { userId }: SignedInRequest): { id: string } {
    return { id: userId };
  }
}
