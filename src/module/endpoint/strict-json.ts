import { visit } from 'jsonc-parser';

/** Deepest nesting that is read. */
const MAX_DEPTH = 4;

/** Thrown inside {@link parseStrictJson} to stop the visitor; its stack must not grow with the input's depth. */
class Refused extends Error {}

/**
 * Reads JSON that every parser reads alike: UTF-8 without byte order mark, no repeated names (escaped spellings
 * included), a depth of at most 4.
 *
 * @returns undefined for anything else
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
