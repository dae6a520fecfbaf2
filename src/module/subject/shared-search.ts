import type { ObjectLiteral } from 'typeorm';
import { BatchedRead, padded } from '../database/batched-read.js';
import { canonicalOf, kindOf, spellingsOf, type UserIdentifier } from './user-identifier.js';

type Row = ObjectLiteral;

/** Reads the rows whose property has one of the values, at most `limit`, in their order. */
type Read = (property: string, values: readonly string[], limit: number) => Promise<Row[]>;

/**
 * Searches by one property that wait at the same time share a statement. Each gets those of the rows that it would have found
 * alone whose value is that of its identifier.
 */
export class SharedSearch {
  private readonly searches = new Map<string, BatchedRead<Found>>();

  /** @param textOf text of a value; throws for one that may be another's */
  constructor(
    private readonly read: Read,
    private readonly textOf: (value: unknown) => string | undefined,
  ) {}

  /** Returns the rows that an identifier may name, at most `limit`. */
  async find(property: string, identifier: UserIdentifier, limit: number): Promise<readonly Row[]> {
    const key = `${property} ${limit}`;
    const search = this.searches.get(key) ?? new BatchedRead((keys) => this.findTogether(property, limit, keys));
    this.searches.set(key, search);
    const spellings = spellingsOf(identifier);
    const found = (await search.find(JSON.stringify(spellings)))!.of(identifier);
    // Whether this search alone would have found another spelling depends on the collation.
    const isCertain = found.every(({ text }) => text === undefined || spellings.includes(text));
    return isCertain ? found.map(({ row }) => row) : this.read(property, spellings, limit);
  }

  private async findTogether(property: string, limit: number, keys: readonly string[]): Promise<Map<string, Found>> {
    const asked = new Set(keys);
    const values = [...new Set([...asked].flatMap((key) => JSON.parse(key) as string[]))];
    if (asked.size === 1) {
      const rows = (await this.read(property, values, limit)).map((row) => ({ row }));
      return new Map([[keys[0]!, { of: () => rows }]]);
    }
    const rows = await this.read(property, padded(values), limit);
    if (rows.length >= limit) throw new Error('too many rows for searches that share a statement');
    const found = new SharedRows(rows.map((row) => ({ row, text: this.textOf(row[property]) ?? '' })));
    return new Map([...asked].map((key) => [key, found]));
  }
}

interface FoundRow {
  row: Row;
  /** Its value, if the search was shared. */
  text?: string;
}

interface Found {
  of(identifier: UserIdentifier): readonly FoundRow[];
}

/** Rows of several searches. Their values are brought into canonical form once, not once for each search. */
class SharedRows implements Found {
  private readonly byKind = new Map<string, Map<string | undefined, FoundRow[]>>();

  constructor(private readonly rows: ReadonlyArray<Required<FoundRow>>) {}

  of(identifier: UserIdentifier): readonly FoundRow[] {
    const kind = kindOf(identifier);
    const byValue = this.byKind.get(kind) ?? this.index(identifier);
    this.byKind.set(kind, byValue);
    return byValue.get(identifier.canonical) ?? [];
  }

  private index(identifier: UserIdentifier): Map<string | undefined, FoundRow[]> {
    const byValue = new Map<string | undefined, FoundRow[]>();
    for (const found of this.rows) {
      const value = canonicalOf(identifier, found.text);
      byValue.set(value, [...(byValue.get(value) ?? []), found]);
    }
    return byValue;
  }
}
