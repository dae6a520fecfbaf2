import type { ServerResponse } from 'node:http';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import type { Registry } from 'prom-client';
import { type AdapterRequest, type AdapterResponse, nodeRequest, takeOver } from 'nestjs-global-revocation';
import { METRICS_REGISTRY } from 'nestjs-global-revocation/metrics';
import type { Settings } from '../settings/settings.js';
import { expose } from './exposition.js';
import { accessOnMainPort } from './metrics-access.js';

/** Serves the metrics on the server's port. */
@Controller()
export class MetricsController {
  constructor(
    @Inject(METRICS_REGISTRY) private readonly registry: Registry,
    @Inject(ConfigService) private readonly config: ConfigService<Settings, true>,
  ) {}

  @Get('metrics')
  async metrics(@Req() request: AdapterRequest, @Res() response: AdapterResponse): Promise<void> {
    const exposure = {
      production: this.config.get('production', { infer: true }),
      metricsPort: this.config.get('metricsPort', { infer: true }),
      metricsToken: this.config.get('metricsToken', { infer: true }),
    };
    const raw: ServerResponse = takeOver(response);
    await expose(raw, this.registry, accessOnMainPort(exposure, nodeRequest(request)));
  }
}
