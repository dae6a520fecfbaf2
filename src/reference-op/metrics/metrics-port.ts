import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import type { Registry } from 'prom-client';
import { requestPath } from 'nestjs-global-revocation';
import { METRICS_REGISTRY } from 'nestjs-global-revocation/metrics';
import type { Settings } from '../settings/settings.js';
import { expose } from './exposition.js';
import { accessOnOwnPort } from './metrics-access.js';

/** Serves only the metrics, on a separate port, until the server has stopped. */
@Injectable()
export class MetricsPort implements OnApplicationBootstrap, OnApplicationShutdown {
  private server: Server | undefined;

  constructor(
    @Inject(METRICS_REGISTRY) private readonly registry: Registry,
    @Inject(ConfigService) private readonly config: ConfigService<Settings, true>,
  ) {}

  /** @throws Error if the port is in use */
  async onApplicationBootstrap(): Promise<void> {
    const port = this.config.get('metricsPort', { infer: true });
    if (port === undefined) return;
    const metricsToken = this.config.get('metricsToken', { infer: true });
    this.server = createServer({ headersTimeout: 5000, requestTimeout: 10_000 }, (request, response) => {
      const isOurs = request.method === 'GET' && requestPath(request.url) === '/metrics';
      void expose(response, this.registry, isOurs ? accessOnOwnPort({ metricsToken }, request) : 'absent');
    });
    await once(this.server.listen(port, this.config.get('host', { infer: true })), 'listening');
  }

  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }
}
