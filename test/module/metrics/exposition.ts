import { send } from '../endpoint/send.js';

/** What Prometheus would read. */
export class Exposition {
  private constructor(readonly text: string) {}

  static async of(url: string, headers: Record<string, string> = {}): Promise<Exposition> {
    const { status, headers: answered, body } = await send(url, { method: 'GET', headers });
    if (status !== 200) throw new Error(`${status} ${body}`);
    if (!answered['content-type']?.startsWith('text/plain; version=0.0.4')) throw new Error(answered['content-type']);
    return new Exposition(body);
  }

  /** Value of a series as it is written, e.g. `gtr_revocations_total{method="in_process"}`; undefined when there is none. */
  value(series: string): number | undefined {
    const line = this.text.split('\n').find((each) => each.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length + 1));
  }

  /** Names of all series, labels included. */
  get series(): string[] {
    return this.text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.replace(/ \S+$/, ''));
  }

  /** Names of all metrics, with the suffixes of histograms. */
  get names(): Set<string> {
    const declared = [...this.text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
    return new Set(
      declared.flatMap(([, name = '', type]) =>
        type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
      ),
    );
  }
}
