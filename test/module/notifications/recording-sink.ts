import { Injectable } from '@nestjs/common';
import type {
  Notification,
  NotificationSink,
  NotifiedRevocation,
  RecipientPage,
  SendResult,
} from '../../../src/module/index.js';

/** Remembers whom it told, and does what a test says. */
@Injectable()
export class RecordingSink implements NotificationSink {
  readonly name = 'recording';
  /** Pages that were asked for, each with its revocation. */
  readonly asked: Array<{ revocation: NotifiedRevocation; page: string | undefined }> = [];
  /** Every attempt that began. */
  readonly told: Notification[] = [];
  /** Pages of sinks that do not exist yet. */
  static firstPages = [['one']];

  /** Names of recipients; after a `#`, the user whom it is about. */
  pages: string[][] = RecordingSink.firstPages;
  private readonly hanging: Array<() => void> = [];
  private isLetGo = false;
  onAsk: (page: string | undefined) => Promise<void> = () => Promise.resolve();
  onSend: (notification: Notification, signal: AbortSignal) => Promise<SendResult | void> = () => Promise.resolve();

  async recipients(revocation: NotifiedRevocation, page: string | undefined): Promise<RecipientPage> {
    this.asked.push({ revocation, page });
    await this.onAsk(page);
    const index = Number(page ?? 0);
    const recipients = this.pages[index]!.map((name) => {
      const [id = '', subject = revocation.subject === undefined ? `of-${name}` : undefined] = name.split('#');
      return { id, ...(subject !== undefined && { subject }) };
    });
    return { recipients, ...(index + 1 < this.pages.length && { next: String(index + 1) }) };
  }

  send(notification: Notification, signal: AbortSignal): Promise<SendResult | void> {
    this.told.push(notification);
    return this.onSend(notification, signal);
  }

  /** Does not answer until {@link letGo}. */
  hang<T>(): Promise<T> {
    const letGo = (): Error => new Error('let go');
    if (this.isLetGo) return Promise.reject(letGo());
    return new Promise((_resolve, reject) => this.hanging.push(() => reject(letGo())));
  }

  letGo(): void {
    this.isLetGo = true;
    for (const end of this.hanging.splice(0)) end();
  }

  /** Recipients of the attempts, in order of their names. */
  get names(): string[] {
    return this.told.map(({ recipient }) => recipient).toSorted();
  }
}

/** Names of so many recipients, in order. */
export const recipients = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `rp-${String(i).padStart(4, '0')}`);
