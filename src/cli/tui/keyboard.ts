import { Transform } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Escape sequences, and the characters that are keys themselves: Enter, Tab and Backspace. */
const KEYS = /(\u001b\[[\d;?]*[ -/]*[@-~]|\u001bO.|[\r\n\t\b\u007f])/;
/** Other control characters and invisible characters, except Ctrl-C and Escape. */
const NOISE = /[^\P{C}\r\n\t\b\u007f\u0003\u001b]/gu;
/** Turns of the event loop after which React has rendered the change and run its effects. */
const TURNS = 10;

/**
 * Returns the input of a terminal, one key at a time. On a slow connection, and in pasted text, several keys arrive at once;
 * each must reach the field that the key before it moved to. Text between two keys stays together.
 */
export function keyboard(terminal: NodeJS.ReadStream): NodeJS.ReadStream {
  const keys = new Transform({
    decodeStrings: false,
    readableObjectMode: true,
    transform(text: string, _encoding, done) {
      const parts = text.replaceAll(NOISE, '').split(KEYS);
      void (async () => {
        for (const part of parts) {
          if (part === '') continue;
          keys.push(part);
          for (let turn = 0; turn < TURNS; turn += 1) await nextTurn();
        }
        done();
      })();
    },
  });
  terminal.setEncoding('utf8').pipe(keys);
  const setRawMode = (isRaw: boolean) => terminal.setRawMode(isRaw);
  const [ref, unref] = [() => terminal.ref(), () => terminal.unref()];
  return Object.assign(keys, { isTTY: true, setRawMode, ref, unref }) as unknown as NodeJS.ReadStream;
}
