import { Controller, Get, Injectable, UseGuards } from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { BasicStrategy } from 'passport-http';
import { Public } from './signed-in.guard.js';

/** This application's own strategy, under the name it has had all along: `basic`. */
@Injectable()
export class MetricsStrategy extends PassportStrategy(BasicStrategy, 'basic') {
  validate(id: string, secret: string): { id: string } | false {
    return id === 'prometheus' && secret === 'scrape' && { id };
  }
}

@Controller('metrics')
export class MetricsController {
  @Public()
  @UseGuards(AuthGuard('basic'))
  @Get()
  read(): string {
    return 'up 1\n';
  }
}
