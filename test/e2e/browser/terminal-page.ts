/** Looks of the sequences that our own screens send. @see ECMA-48 §8.3.117 (SGR) */
const STYLES: Readonly<Record<string, string>> = {
  1: 'font-weight:bold',
  2: 'opacity:.55',
  4: 'text-decoration:underline',
  7: 'background:#e8e8e6;color:#16181d',
  31: 'color:#ff8f87',
  32: 'color:#8ddb8c',
  36: 'color:#7cd5e8',
};
/** What each of them is ended by; 0 ends all. */
const ENDED_BY: Readonly<Record<string, readonly string[]>> = {
  22: ['1', '2'],
  24: ['4'],
  27: ['7'],
  49: [],
  39: ['31', '32', '36'],
};

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** A screen of a terminal, with its escape sequences, as a page. @throws Error for a sequence that has no look here */
export function terminalPage(screen: string): string {
  const on = new Set<string>();
  const parts = screen.split(/\u001b\[([\d;]*)m/).map((part, index) => {
    if (index % 2 === 0) {
      const style = [...on].map((code) => STYLES[code]).join(';');
      return `<span style="${style}">${escaped(part)}</span>`;
    }
    for (const code of part.split(';')) {
      if (code === '' || code === '0') on.clear();
      else if (STYLES[code]) on.add(code);
      else if (ENDED_BY[code]) for (const each of ENDED_BY[code]) on.delete(each);
      else throw new Error(`no look for SGR ${code}`);
    }
    return '';
  });
  return `<!doctype html><meta charset="utf-8"><title>terminal</title>
<style>
  body { margin: 0; background: #16181d; }
  pre { display: inline-block; margin: 0; padding: 20px 24px; background: #16181d; color: #e8e8e6; font: 15px/1.25 'Liberation Mono', monospace; }
</style><pre>${parts.join('')}</pre>`;
}
