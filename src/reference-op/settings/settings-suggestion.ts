import { quote } from './settings-error.js';

/** Characters of a name that are compared. */
const LONGEST = 64;

/** The end of a message about an unknown name: the nearest known name; all known names when none is near, or on demand. */
export function suggest(unknown: string, known: readonly string[], { all = false } = {}): string {
  const wanted = simplify(unknown);
  const nearest = known
    .map((name) => ({
      name,
      distance: editDistance(wanted, simplify(name)),
      raw: editDistance(unknown.slice(0, LONGEST), name),
    }))
    .filter(({ distance }) => distance <= Math.max(2, Math.floor(wanted.length / 3)))
    .sort((a, b) => a.distance - b.distance || a.raw - b.raw)[0];
  const hint = nearest === undefined ? '' : `; did you mean ${quote(nearest.name)}?`;
  return all || nearest === undefined ? `${hint}; known: ${known.join(', ')}` : hint;
}

/** `GTR_DATA_DIR`, `DATA_DIR`, `dataDir` and `data-dir` are the same attempt. */
function simplify(name: string): string {
  return name
    .slice(0, LONGEST)
    .toLowerCase()
    .replace(/^gtr_?/, '')
    .replace(/[^a-z0-9]/g, '');
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
