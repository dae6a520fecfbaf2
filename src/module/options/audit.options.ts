import type { Type } from '@nestjs/common';
import * as v from 'valibot';
import type { RevocationListener } from './revocation-listener.js';
import { flag, isFunction, listOf, must, type Members, secret } from './schema.js';

const KEY_BYTES = 32;

/** Who is told of a revocation, and what the log and the record say. @publicApi */
export interface AuditOptions {
  /**
   * 32 bytes, kept outside of the database, under which the record holds a hash of the identifier a caller named: equal
   * identifiers have equal hashes, and a stolen dump cannot be searched for one.
   *
   * @default not set: the record holds no hash
   */
  auditKey?: Uint8Array;
  /**
   * Whether events are written to Nest's logger: each revocation and each refused request, one object with the field names
   * of the Elastic Common Schema. Subscribers of {@link AuditEvents} get them either way.
   *
   * @default true
   */
  logEvents?: boolean;
  /**
   * Providers of the host that are told of every revocation, in its transaction and after it. Each is a provider of one of
   * the host's own modules, in the default scope.
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
