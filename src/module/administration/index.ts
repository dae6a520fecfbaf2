/**
 * Exports for operators' tools, such as the command line or your own admin page.
 *
 * @module nestjs-global-revocation/administration
 */

// Change something and leave a record.
export { Change } from '../audit/change.entity.js';
export { ChangeRefusal, OperatorChanges } from '../audit/operator-changes.js';

// Register callers, and check what they present.
export { secretId } from '../caller/basic/client-secret.js';
export { keysUrlFindings, publicKeysFindings } from '../options/public-keys.options.js';
export { type Assertion, readAssertion } from '../caller/assertion/assertion.js';
export { AssertionStrategy } from '../caller/assertion/assertion.strategy.js';
export { mayRevoke } from '../caller/caller.js';
export { mayUse } from '../subject/caller-restrictions.js';

// Name a user, and revoke as the endpoint does.
export { attributeFormat } from '../subject/formats/attribute.js';
export { rfc9493Formats } from '../subject/formats/identifier-formats.js';
export { RevocationRequests } from '../endpoint/revocation-request.js';
export { isUntold } from '../endpoint/refusal.js';

// Notify others as a revocation does, and see the notifications.
export { Outbox } from '../notifications/outbox.js';
export {
  type Backlog,
  Deliveries,
  type DeliveryFilter,
  type FailingRecipient,
  type ListedDelivery,
} from '../notifications/deliveries.js';

// Read and check its tables. Those of the adapter are here for tools that do not load oidc-provider itself.
export { oidcProviderEntities, oidcProviderMigrations } from '../oidc-provider/entities.js';
export { RecordSweep } from '../oidc-provider/record-sweep.js';
export { subjectKey } from '../revocation/subject-epochs.js';
export { isSameSecret, sha256Hex } from '../database/digest.js';
export { forUpdate } from '../database/sql-dialect.js';
export { driverError } from '../database/driver-errors.js';
export { acceptIssuer } from '../startup/issuer-checks.js';
export { ADMINISTERED_START_CHECKS } from '../startup/start-checks.js';
