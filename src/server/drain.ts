import type { Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/** How long what is in flight may take to be answered at shutdown, in milliseconds. */
const DEADLINE_MS = 8000;

/**
 * Answers what is in flight at shutdown and closes every connection then, by the deadline in any case. Node alone waits for
 * ever for a socket that a browser opened in advance.
 */
@Injectable()
export class Drain implements OnModuleInit, BeforeApplicationShutdown {
  private readonly answering = new Set<ServerResponse>();

  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    this.server.on('request', (_request, response) => {
      this.answering.add(response);
      response.once('close', () => this.answering.delete(response));
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (!this.server.listening) return;
    const closed = new Promise((resolve) => this.server.close(resolve));
    const late = Date.now() + DEADLINE_MS;
    while (this.answering.size > 0 && Date.now() < late) await sleep(20);
    this.server.closeAllConnections();
    await closed;
  }

  private get server(): Server {
    return this.host.httpAdapter.getHttpServer() as Server;
  }
}
