import type { Type } from '@nestjs/common';
import * as v from 'valibot';
import type { RevocationListener } from './revocation-listener.js';
import { flag, isFunction, listOf, must, type Members, secret } from './schema.js';

const KEY_BYTES = 32;

/** Listeners, and the contents of logs and records. @publicApi */
export interface AuditOptions {
  /**
   * Key of 32 bytes for hashes of identifiers in records, and for the addresses at which callers read the state of their
   * revocations. Use the same key on all nodes, and keep it outside the database. Equal identifiers have equal hashes, but a stolen dump
   * cannot be searched for an identifier. If you change the key, earlier addresses stop working.
   *
   * @default not set: records contain no hash, and answers have no `Location`
   */
  auditKey?: Uint8Array;
  /**
   * Whether to write each revocation, each rejected request and each use of a revoked credential to Nest's logger, as an object with
   * field names of the Elastic Common Schema. Subscribers of {@link AuditEvents} receive events either way.
   *
   * @default true
   */
  logEvents?: boolean;
  /**
   * Your {@link RevocationListener}s, called for every revocation in its transaction and after it. Provide each in one
   * of your modules, in the default scope.
   *
   * @default []
   */
  listeners?: ReadonlyArray<Type<RevocationListener>>;
}

const isKey = (value: unknown): boolean => value instanceof Uint8Array && value.length === KEY_BYTES;

export const auditOptions = {
  auditKey: v.exactOptional(secret<Uint8Array>(`a Uint8Array of ${KEY_BYTES} bytes`, isKey)),
  logEvents: v.optional(flag, true),
  listeners: v.optional(listOf(must<Type<RevocationListener>>('a class', isFunction)), []),
} satisfies Members<AuditOptions>;
