import { join } from 'node:path';
import { blocksOf } from '../docs/blocks.js';
import { commandBlocks, missingLines, runBlocks } from '../docs/commands.js';
import { textOf } from '../docs/pages.js';
import { InstalledHost } from '../hosts/installed-host.js';
import { tarballs } from '../package/pack.js';
import { npmStart } from '../support/npm-start.js';

/** A folder of `examples/`, installed in a copy from the packed packages. */
export class Example {
  private constructor(
    private readonly readme: string,
    readonly host: InstalledHost,
  ) {}

  /** Prints how long the installation takes. */
  static async install(name: string): Promise<Example> {
    const from = Date.now();
    const host = await InstalledHost.install(join('examples', name), Object.values(await tarballs()));
    console.log(`${name}: installed in ${((Date.now() - from) / 1000).toFixed(1)} s`);
    return new Example(textOf(join('examples', name, 'README.md')), host);
  }

  /** Commands of the README that are not run by a shell of ours, such as `npm start`. */
  get shown(): string[] {
    const blocks = blocksOf(this.readme).filter(({ language }) => language === 'console');
    return blocks.flatMap(({ text }) => [...text.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command!));
  }

  /**
   * Runs `npm start`, and beside it the blocks of the README.
   *
   * @param path that it must answer
   * @param own its address in the README
   * @param others addresses in the README of what runs beside it
   * @returns lines of the README that the output lacks, and all of the output
   */
  async follow(
    path: string,
    settings: Record<string, string> = {},
    { own = 'http://localhost:3000', others = {} }: { own?: string; others?: Record<string, string> } = {},
  ): Promise<{ missing: string[]; all: string }> {
    const server = await npmStart(settings, this.host.folder, path);
    const addresses = Object.entries({ ...others, [own]: server.url });
    const here = (text: string): string => addresses.reduce((all, [from, to]) => all.replaceAll(from, to), text);
    const blocks = commandBlocks(this.readme).map((block) => ({ ...block, script: here(block.script) }));
    try {
      const ran = await runBlocks(blocks, { ...settings, ISSUER: server.url }, this.host.folder);
      const all = `${server.output()}\n${ran.all}`;
      if (ran.code !== 0) throw new Error(`a command failed:\n${all}`);
      const missing = blocks.flatMap(({ expected }, index) =>
        missingLines(expected.map(here), ran.outputs[index] ?? ''),
      );
      return { missing, all };
    } finally {
      await server.stop();
    }
  }
}
