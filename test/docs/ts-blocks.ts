import { resolve } from 'node:path';
import ts from 'typescript';
import { type Block, blocksOf } from './blocks.js';

/** The application that the blocks belong to: what they import from it is there. */
const APPLICATION = resolve('test/docs/app');

interface PageBlock extends Block {
  page: string;
}

/** Errors of the TypeScript blocks of Markdown files, each with its file and line. */
export function typeErrors(pages: Readonly<Record<string, string>>): string[] {
  const blocks = new Map(
    Object.entries(pages).flatMap(([page, markdown]) =>
      blocksOf(markdown)
        .filter(({ language }) => language === 'ts')
        .map((block): [string, PageBlock] => [
          resolve(APPLICATION, `${page.replaceAll(/\W/g, '-')}-${block.line}.ts`),
          { ...block, page },
        ]),
    ),
  );
  const program = ts.createProgram([...blocks.keys()], compilerOptions(), hostWith(blocks));
  return [...blocks].flatMap(([file, block]) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map((diagnostic) => inWords(diagnostic, block)),
  );
}

/** A strict project that has the package: its subpaths lead to the source. */
function compilerOptions(): ts.CompilerOptions {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const { options } = ts.getParsedCommandLineOfConfigFile('tsconfig.json', {}, host)!;
  return {
    ...options,
    moduleDetection: ts.ModuleDetectionKind.Force,
    exactOptionalPropertyTypes: false,
    noUnusedLocals: false,
  };
}

const parsed = new Map<string, ts.SourceFile | undefined>();

/** The blocks are files that only the compiler sees; what else it reads is read once. */
function hostWith(blocks: ReadonlyMap<string, Block>): ts.CompilerHost {
  const host = ts.createCompilerHost({});
  return {
    ...host,
    fileExists: (file) => blocks.has(file) || host.fileExists(file),
    readFile: (file) => blocks.get(file)?.text ?? host.readFile(file),
    getSourceFile: (file, target) => {
      const block = blocks.get(file);
      if (block) return ts.createSourceFile(file, block.text, target);
      if (!parsed.has(file)) parsed.set(file, host.getSourceFile(file, target));
      return parsed.get(file);
    },
  };
}

function inWords({ file, start = 0, code, messageText }: ts.Diagnostic, { page, line }: PageBlock): string {
  const within = file?.getLineAndCharacterOfPosition(start).line ?? 0;
  return `${page} line ${line + 1 + within}: TS${code} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
}
