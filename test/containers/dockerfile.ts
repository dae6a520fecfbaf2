import { cp, mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { InstalledHost } from '../hosts/installed-host.js';

/** One instruction of a Dockerfile, such as `RUN npm ci`. */
export interface Instruction {
  keyword: string;
  rest: string;
}

export const instructionsOf = (dockerfile: string): Instruction[] =>
  dockerfile
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({ keyword: line.split(' ', 1)[0]!, rest: line.slice(line.indexOf(' ') + 1) }));

/** What the image says about a container: its folder, user, environment and commands. */
export interface Image {
  folder: string;
  user: string;
  env: Record<string, string>;
  /** Arguments of `CMD` and of `HEALTHCHECK … CMD`. */
  command: string[];
  healthCheck: string[];
}

/** Whether `.dockerignore` leaves a path out of the context: by a name at the top or, after two asterisks, anywhere; or by an extension. */
export function isIgnored(ignore: string, path: string): boolean {
  const parts = path.split('/');
  return ignore
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .some((line) => {
      if (line.startsWith('**/')) return parts.includes(line.slice(3));
      return line.startsWith('*') ? path.endsWith(line.slice(1)) && parts.length === 1 : parts[0] === line;
    });
}

/**
 * Performs the instructions in folders, each stage in one of its own, instead of in containers. Every path but those of `FROM`
 * and `WORKDIR` has to be relative.
 *
 * @throws Error for an instruction that is not known here
 */
export async function buildImage(context: string, tempDir: string): Promise<Image> {
  const ignore = await readFile(join(context, '.dockerignore'), 'utf8');
  const stages = new Map<string, string>();
  let root = '';
  let image: Image = { folder: '', user: 'root', env: {}, command: [], healthCheck: [] };
  for (const { keyword, rest } of instructionsOf(await readFile(join(context, 'Dockerfile'), 'utf8'))) {
    switch (keyword) {
      case 'FROM':
        root = await mkdtemp(join(tempDir, 'stage-'));
        stages.set(/ AS (\S+)/.exec(rest)?.[1] ?? '', root);
        image = { folder: root, user: 'root', env: {}, command: [], healthCheck: [] };
        break;
      case 'WORKDIR':
        image.folder = join(root, rest);
        await mkdir(image.folder, { recursive: true });
        break;
      case 'COPY': {
        const [, stage, paths] = /^(?:--from=(\S+) )?(.*)$/.exec(rest)!;
        const words = paths!.split(' ');
        const to = words.pop()!;
        for (const path of words) await copy(stage ? join(stages.get(stage)!, path) : join(context, path), to);
        break;
      }
      case 'RUN':
        await InstalledHost.at(image.folder).run('sh', ['-euc', rest], {
          ...image.env,
          npm_config_prefer_offline: 'true',
        });
        break;
      case 'ENV':
        for (const pair of rest.split(' ')) image.env[pair.split('=', 1)[0]!] = pair.slice(pair.indexOf('=') + 1);
        break;
      case 'USER':
        image.user = rest;
        break;
      case 'CMD':
        image.command = JSON.parse(rest) as string[];
        break;
      case 'HEALTHCHECK':
        image.healthCheck = JSON.parse(rest.slice(rest.indexOf('CMD ') + 4)) as string[];
        break;
      case 'EXPOSE':
        break;
      default:
        throw new Error(`not known here: ${keyword} ${rest}`);
    }
  }
  return image;

  /** The content of a folder, as Docker does, or a file under its name if the target ends with a slash. */
  async function copy(from: string, to: string): Promise<void> {
    const isOfContext = from.startsWith(`${resolve(context)}/`);
    const filter = (path: string): boolean => !isOfContext || !isIgnored(ignore, relative(context, path));
    if (!filter(from)) throw new Error(`COPY ${from}: .dockerignore leaves it out`);
    const target = join(image.folder, to, to.endsWith('/') ? basename(from) : '');
    await cp(from, target, { recursive: true, verbatimSymlinks: true, filter });
  }
}

/** Names at the top of a folder. */
export const namesIn = async (folder: string): Promise<string[]> => (await readdir(folder)).toSorted();
