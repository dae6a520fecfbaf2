import type { EntityTarget, ObjectLiteral } from 'typeorm';
import * as v from 'valibot';
import { listOf, type Members, must, object, oneOf, shape, valueOr, wholeNumber } from './schema.js';
import { entity, property } from './users.options.js';

/** Value of a column when a row is ended. @publicApi */
export type EndedValue =
  | string
  | number
  | boolean
  | null
  /** Receives the time of the revocation; called only for rows in which the column is still NULL. */
  | ((at: Date) => string | number | Date);

/**
 * A table of the host whose rows end with their user: sessions, refresh tokens, API keys. Rows from before a revocation
 * are deleted or marked; rows of a later sign-in remain.
 *
 * The revocation's transaction ends at most one batch across all targets, in their order. The sweeper ends the rest in
 * batches, starting immediately. `completedAt` of the record says when nothing was left: at least 30 seconds after the
 * revocation, so that rows stored by requests in progress are included. What a 204 guarantees depends on the rows: with
 * {@link epochColumn} they are dead. Without it, ending them *has begun*, and a row that is created during the
 * revocation may survive.
 *
 * @publicApi
 */
export interface RevocationTarget<Row extends ObjectLiteral = ObjectLiteral> {
  /** Entity of the table, in the module's `DataSource`. */
  entity: EntityTarget<Row>;
  /**
   * Property with the account id (`sub`) of the row's user, compared byte for byte: text, an integer or a UUID. The
   * table needs an index that begins with it; a startup check warns if there is none.
   */
  userColumn: string & keyof Row;
  /**
   * How to end a row: delete it, or set properties. Rows that already have these values remain unchanged. If a row of the first batch
   * cannot be ended, for example because of a foreign key to it, nothing is revoked and the answer is 503.
   */
  action:
    | 'delete'
    | {
        /** Property → new value. */
        set: { readonly [P in string & keyof Row]?: EndedValue };
      };
  /**
   * Property (BIGINT) with the epoch from {@link SubjectEpochs.epochForSignIn}, if your code checks it with
   * {@link SubjectEpochs.isCurrent}. A row is then dead as soon as its user is revoked; requests do not touch it, and
   * the sweeper ends it later.
   *
   * @default rows have no epoch
   */
  epochColumn?: string & keyof Row;
  /**
   * Whether rows without an epoch (NULL or 0) are dead, or live until their user is revoked for the first time. Set what your
   * code passes to {@link SubjectEpochs.isCurrent}. A revocation ends them either way; the option decides whether they count as live
   * before.
   *
   * @default 'dead'
   */
  withoutEpoch?: 'dead' | 'until-revoked';
  /**
   * Property that rises from row to row and so distinguishes rows of a later sign-in: an auto-increment key, a UUIDv7
   * or ULID, or the time of creation. NOT NULL; text, an integer or a DATETIME, compared by the database. A time needs
   * milliseconds: with whole seconds (a `@CreateDateColumn()` on SQLite, a DATETIME without `precision` on MySQL and
   * MariaDB), a later sign-in in the same second ends too, and a startup check warns. Rows that two nodes create at the
   * same time may be out of order by the difference of their clocks; such a sign-in may end with the others, and the
   * user has to sign in again. Add this property to the index that begins with `userColumn`, unless it is the primary key of
   * an InnoDB table.
   *
   * @default the primary key, if it is an auto-increment; otherwise this or `epochColumn` is required
   */
  orderColumn?: string & keyof Row;
  /**
   * Maximum number of rows per statement, 1 to 1000.
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

/** Tables of the application. @publicApi */
export interface TargetOptions {
  /**
   * Tables of the application whose rows end with their user.
   *
   * @default []
   */
  targets?: readonly RevocationTarget[];
}

const isEndedValue = (value: unknown): boolean =>
  value === null || ['string', 'number', 'boolean', 'function'].includes(typeof value);

/** Undefined members are rejected here, not ignored. */
const set = v.pipe(
  object,
  v.check((values) => Object.keys(values).length > 0, "sets nothing: name properties, or use 'delete'"),
  v.record(v.string(), must<EndedValue>('text, a number, true, false, null or a function of a Date', isEndedValue)),
);

const target = {
  entity,
  userColumn: property,
  action: valueOr('delete', shape({ set })),
  epochColumn: v.exactOptional(property),
  withoutEpoch: v.optional(oneOf('dead', 'until-revoked'), 'dead'),
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
  v.check(
    ({ epochColumn, withoutEpoch }) => withoutEpoch === 'dead' || epochColumn !== undefined,
    'has withoutEpoch but no epochColumn: name the column',
  ),
);

/** An entry of the option `targets`, with its defaults. */
export type ResolvedTarget = v.InferOutput<typeof revocationTarget>;

export const targetOptions = {
  targets: v.optional(listOf(revocationTarget), []),
} satisfies Members<TargetOptions>;
