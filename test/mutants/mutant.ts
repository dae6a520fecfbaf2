import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = process.cwd();
const folder = join(root, 'test/mutants');
const notCopied = new Set(['.git', 'node_modules', 'dist', 'data', 'coverage'].map((name) => join(root, name)));

export interface Mutant {
  name: string;
  /** The spec file and a part of the full name (describe titles included) of the test that must go red. */
  spec: string;
  test: string;
  /** `TEST_DATABASES` of the run. */
  databases: string | undefined;
}

/** Every patch, with its header: `# kills: <spec> | <test>` and, where one database is enough, `# databases: sqlite`. */
export async function readMutants(): Promise<Mutant[]> {
  const patches = (await readdir(folder)).filter((file) => file.endsWith('.patch')).sort();
  return Promise.all(
    patches.map(async (patch) => {
      const header = (await readFile(join(folder, patch), 'utf8')).split(/^(?:diff|---) /m)[0]!;
      const [, spec, test] = /^# kills: (\S+) \| (.*\S)\s*$/m.exec(header) ?? [];
      if (spec === undefined || test === undefined) throw new Error(`${patch}: no line "# kills: <spec> | <test>"`);
      const databases = /^# databases: (\S+)\s*$/m.exec(header)?.[1];
      return { name: patch.replace(/\.patch$/, ''), spec, test, databases };
    }),
  );
}

/**
 * The ones that `MUTANTS` asks for: all, some names (`a,b`), or a share (`2/3`: the second third).
 *
 * @throws Error for a name that no patch has
 */
export function chosen(mutants: Mutant[], wanted = process.env.MUTANTS): Mutant[] {
  if (wanted === undefined || wanted === '') return mutants;
  const [, part, parts] = /^(\d+)\/(\d+)$/.exec(wanted) ?? [];
  if (part !== undefined) return mutants.filter((_, i) => i % Number(parts) === Number(part) - 1);
  return wanted.split(',').map((name) => {
    const found = mutants.find((mutant) => mutant.name === name);
    if (!found) throw new Error(`MUTANTS: there is no test/mutants/${name}.patch`);
    return found;
  });
}

/** @throws Error when the patch no longer fits the tree */
export async function assertApplies({ name }: Mutant): Promise<void> {
  await promisify(execFile)('git', ['apply', '--check', join(folder, `${name}.patch`)], { cwd: root });
}

/** Runs the work on a fresh copy of the tree in which the patch is applied; the tree itself is never touched. */
export async function withMutation<T>(mutant: Mutant, work: (copy: string) => Promise<T>): Promise<T> {
  const copy = await mkdtemp(join(tmpdir(), 'gtr-mutant-'));
  try {
    await cp(root, copy, { recursive: true, filter: (path) => !notCopied.has(resolve(path)) });
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
    const env = { PATH: process.env.PATH, GIT_CEILING_DIRECTORIES: tmpdir() };
    await promisify(execFile)('git', ['apply', join(folder, `${mutant.name}.patch`)], { cwd: copy, env });
    return await work(copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
