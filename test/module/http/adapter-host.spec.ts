import type { AbstractHttpAdapter } from '@nestjs/core';
import { expect, test } from 'vitest';
import { onHttpAdapter } from '../../../src/module/http/adapter-host.js';

/** Nest's own before 11.1.4. */
class EarlyAdapterHost {
  private adapter?: AbstractHttpAdapter;

  get httpAdapter(): AbstractHttpAdapter {
    return this.adapter!;
  }

  set httpAdapter(adapter: AbstractHttpAdapter) {
    this.adapter = adapter;
  }
}

test.each([
  ['with an init()', ['init', 'first', 'second']],
  ['without one', ['first', 'second']],
])('Nest before 11.1.4, an adapter %s that comes later: every caller gets it, in order', async (_title, order) => {
  const calls: string[] = [];
  const init = () => Promise.resolve(void calls.push('init'));
  const adapter = (order.length === 3 ? { init } : {}) as AbstractHttpAdapter;
  const host = new EarlyAdapterHost();
  for (const name of ['first', 'second']) {
    onHttpAdapter(host, (given) => {
      expect(given).toBe(adapter);
      calls.push(name);
    });
  }
  host.httpAdapter = adapter;
  expect(host.httpAdapter).toBe(adapter);
  await adapter.init?.();
  expect(calls).toEqual(order);
});
