import type { EntityTarget, ObjectLiteral } from 'typeorm';
import * as v from 'valibot';
import { isText, listOf, type Members, must, object, oneOf, shape, valueOr, wholeNumber } from './schema.js';

/** What a column is set to when a row is ended. @publicApi */
export type EndedValue =
  | string
  | number
  | boolean
  | null
  /** Gets the moment of the revocation; asked only for rows in which the column is still NULL. */
  | ((at: Date) => string | number | Date);

/**
 * A table of the host whose rows end with their user: sessions, refresh tokens, API keys. Rows that were there before a
 * revocation are deleted or marked; rows of a later sign-in are left alone.
 *
 * In the request at most one batch is done, for all targets together and in their order, in the revocation's transaction;
 * what is left is done by the sweeper, at once and in batches, and the record's `completedAt` says when nothing was left: 30
 * seconds after the revocation at the earliest, as what requests under way have stored by then is counted, too.
 * So what the answer 204 says depends on the rows: with {@link epochColumn} they are dead at the 204; without it they
 * *have begun* to end, and a row that is being made while its user is revoked may live on.
 *
 * @publicApi
 */
export interface RevocationTarget<Row extends ObjectLiteral = ObjectLiteral> {
  /** Entity of the table, in the module's `DataSource`. */
  entity: EntityTarget<Row>;
  /**
   * Property that holds the account id (`sub`) of the row's user, compared byte for byte: text, an integer or a UUID. The
   * table needs an index that begins with it; the start says so when there is none.
   */
  userColumn: string & keyof Row;
  /**
   * What ends a row: deleting it, or setting properties of it. Rows that already have these values are left alone. Whatever
   * prevents it, such as a foreign key that refers to the row, prevents the revocation: it is answered with 503.
   */
  action:
    | 'delete'
    | {
        /** Property → what it becomes. */
        set: { readonly [P in string & keyof Row]?: EndedValue };
      };
  /**
   * Property (BIGINT) that holds the epoch of {@link SubjectEpochs.epochForSignIn}, when the host checks it with
   * {@link SubjectEpochs.isCurrent}. Then a row is dead as soon as its user is revoked, nothing is done to it in the request,
   * and the sweeper only clears away.
   *
   * @default rows carry no epoch
   */
  epochColumn?: string & keyof Row;
  /**
   * Property that rises from row to row, so that rows from before a revocation are told from those of a later sign-in: an
   * auto-increment key, a UUIDv7 or ULID, the time of creation. Not NULL; text, an integer or a DATETIME, as its database
   * compares it. A time has milliseconds: one of whole seconds (a `@CreateDateColumn()` on SQLite, a DATETIME without
   * `precision` on MySQL and MariaDB) also ends a later sign-in of the same second, and the start warns about it. What two
   * nodes make at the same time may be out of order by as much as their clocks differ: such a sign-in is ended with the
   * others, and the user signs in again. The index that begins with `userColumn` goes on with it, unless it is the primary key
   * of an InnoDB table.
   *
   * @default the primary key, when it is an auto-increment; else this or `epochColumn` is needed
   */
  orderColumn?: string & keyof Row;
  /**
   * Rows that one statement touches at most, 1 to 1000.
   *
   * @default 200
   */
  batch?: number;
  /**
   * Whether the record counts the rows as sessions or as tokens.
   *
   * @default 'tokens'
   */
  counts?: 'sessions' | 'tokens';
}

/** Tables of the host. @publicApi */
export interface TargetOptions {
  /**
   * Tables of the host whose rows end with their user.
   *
   * @default []
   */
  targets?: readonly RevocationTarget[];
}

const property = must<string>('the name of a property', isText);

const isEndedValue = (value: unknown): boolean =>
  value === null || ['string', 'number', 'boolean', 'function'].includes(typeof value);

/** Undefined is no value: it is not left out, as it would be elsewhere. */
const set = v.pipe(
  object,
  v.check((values) => Object.keys(values).length > 0, "sets nothing: name properties, or use 'delete'"),
  v.record(v.string(), must<EndedValue>('text, a number, true, false, null or a function of a Date', isEndedValue)),
);

const target = {
  entity: must<EntityTarget<ObjectLiteral>>('an entity', (value) => value !== null),
  userColumn: property,
  action: valueOr('delete', shape({ set })),
  epochColumn: v.exactOptional(property),
  orderColumn: v.exactOptional(property),
  batch: v.optional(wholeNumber(1, 1000), 200),
  counts: v.optional(oneOf('sessions', 'tokens'), 'tokens'),
} satisfies Members<RevocationTarget>;

const revocationTarget = v.pipe(
  shape(target),
  v.check(
    ({ epochColumn, orderColumn }) => epochColumn === undefined || orderColumn === undefined,
    'has epochColumn and orderColumn: keep one',
  ),
);

/** An entry of the option `targets`, with its defaults. */
export type ResolvedTarget = v.InferOutput<typeof revocationTarget>;

export const targetOptions = {
  targets: v.optional(listOf(revocationTarget), []),
} satisfies Members<TargetOptions>;
