import type { Adapter } from 'oidc-provider';
import { oidcAdapters } from '../../src/module/oidc-provider/oidc-adapters.js';
import { withAdapters } from './adapters.js';

/** Where a revocation strikes: just before the k-th adapter call of a flow, or just after it returned. */
export interface Place {
  k: number;
  when: 'before' | 'after';
}

/** Counts every call of every adapter, whoever makes it, and lets a revocation strike at one of them. */
export class Calls {
  /** Calls since {@link start}, in order: `Model.method`. */
  readonly log: string[] = [];
  /** Whether it has struck. */
  struck = false;
  private place: Place | undefined;
  private strike = (): Promise<unknown> => Promise.resolve();

  /** Puts the counter between the provider and its real adapters. */
  readonly override = withAdapters((options) => {
    const adapters = oidcAdapters(options);
    return (model) => this.watch(model, adapters(model));
  });

  /** Starts counting; `strike` happens once, at the place, and the flow waits until it is committed. */
  start(place?: Place, strike?: () => Promise<unknown>): void {
    this.log.length = 0;
    this.struck = false;
    this.place = place;
    if (strike) this.strike = strike;
  }

  private watch(model: string, adapter: Adapter): Adapter {
    return new Proxy(adapter, {
      get: (target, name, receiver) => {
        const member: unknown = Reflect.get(target, name, receiver);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) =>
          this.count(`${model}.${String(name)}`, async () => (await Reflect.apply(member, target, args)) as unknown);
      },
    });
  }

  private async count(call: string, real: () => Promise<unknown>): Promise<unknown> {
    const k = this.log.push(call);
    await this.at({ k, when: 'before' });
    try {
      return await real();
    } finally {
      await this.at({ k, when: 'after' });
    }
  }

  private async at({ k, when }: Place): Promise<void> {
    if (this.struck || this.place?.k !== k || this.place.when !== when) return;
    this.struck = true;
    await this.strike();
  }
}
