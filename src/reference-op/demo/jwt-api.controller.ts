import { Controller, Get, Req, UseGuards } from '@nestjs/common';
import { accessTokenOf, AccessTokenGuard } from 'nestjs-global-revocation/resource-server';
import { DEMO_API_PATH } from '../demo-data.js';

/** An API that verifies JWTs itself and reads their status list. Like any other API, it uses the provider over HTTP only. */
@Controller(DEMO_API_PATH)
@UseGuards(AccessTokenGuard)
export class JwtApiController {
  @Get()
  show(@Req() request: object): { person: string | undefined } {
    return { person: accessTokenOf(request)?.subject };
  }
}
