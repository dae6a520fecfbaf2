import { visit } from 'jsonc-parser';

/** Deepest accepted nesting. */
const MAX_DEPTH = 4;

/** Stops the visitor of {@link parseStrictJson}. */
class Refused extends Error {}

/**
 * Parses JSON strictly: UTF-8 without byte order mark, unique member names (after unescaping), nested at most 4 levels deep.
 * Returns undefined for anything else.
 *
 * @see RFC 8259 §4, §8.1, §9
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    refuseDuplicatesAndDepth(text);
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuseDuplicatesAndDepth(text: string): void {
  const open: Array<Set<string>> = [];
  const enter = (): void => {
    if (open.push(new Set()) > MAX_DEPTH) throw new Refused();
  };
  const leave = (): void => void open.pop();
  visit(
    text,
    {
      onObjectBegin: enter,
      onArrayBegin: enter,
      onObjectEnd: leave,
      onArrayEnd: leave,
      onObjectProperty: (name) => {
        if (open.at(-1)!.has(name)) throw new Refused();
        open.at(-1)!.add(name);
      },
      onError: () => {
        throw new Refused();
      },
    },
    { disallowComments: true, allowTrailingComma: false },
  );
}
