import * as v from 'valibot';
import { flag, type Members, must, shape } from './schema.js';

/** All feature flags. @see Janssen Server, Global Token Revocation @publicApi */
export const FEATURE_FLAGS = ['GLOBAL_TOKEN_REVOCATION', 'SHARED_SIGNALS'] as const;

/** Name of a feature flag. @publicApi */
export type FeatureFlagName = (typeof FEATURE_FLAGS)[number];

/** Issuer, feature flag and request format of the endpoint. @publicApi */
export interface EndpointOptions {
  /**
   * Issuer identifier of the authorization server. All published and compared URLs are built from it, never from `Host`.
   *
   * @see RFC 8414 §2
   */
  issuer: string;
  /**
   * Configured values of feature flags. `GLOBAL_TOKEN_REVOCATION` is on by default, `SHARED_SIGNALS` is off. A value stored in
   * the database takes precedence.
   *
   * @default {}
   */
  featureFlags?: Partial<Record<FeatureFlagName, boolean>>;
  /**
   * Whether the body may use `subject` instead of `sub_id`, as in drafts -00 to -02. If both are present, they must be
   * equal.
   *
   * @default false
   * @see draft-parecki-oauth-global-token-revocation-02 §3.2
   */
  acceptSubjectMember?: boolean;
}

/** @see RFC 8414 §2 */
const isIssuer = (value: unknown): boolean =>
  typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && !/[?#]/.test(value);

const featureFlags = {
  GLOBAL_TOKEN_REVOCATION: v.exactOptional(flag),
  SHARED_SIGNALS: v.exactOptional(flag),
} satisfies Members<Record<FeatureFlagName, boolean>>;

/** Returns the URL of a path below that of the issuer. */
export const urlBelow = (issuer: string, path: string): string => `${issuer.replace(/\/$/, '')}/${path}`;

export const endpointOptions = {
  issuer: must<string>('an http or https URL without query and fragment, such as https://op.example.com', isIssuer),
  featureFlags: v.optional(shape(featureFlags), {}),
  acceptSubjectMember: v.optional(flag, false),
} satisfies Members<EndpointOptions>;
