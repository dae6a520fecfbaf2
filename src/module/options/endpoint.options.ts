import * as v from 'valibot';
import { flag, type Members, must, shape } from './schema.js';

/** Every feature flag there is. @see Janssen Server, Global Token Revocation @publicApi */
export const FEATURE_FLAGS = ['GLOBAL_TOKEN_REVOCATION'] as const;

/** Name of a feature flag. @publicApi */
export type FeatureFlagName = (typeof FEATURE_FLAGS)[number];

/** Where the endpoint belongs, whether it is on, and what its requests look like. @publicApi */
export interface EndpointOptions {
  /**
   * Issuer identifier of the authorization server. Every URL we compare or publish is built from it, never from `Host`.
   *
   * @see RFC 8414 §2
   */
  issuer: string;
  /**
   * Configured value of the feature flags. A flag that is not named here is on. A value stored in the database wins.
   *
   * @default {}
   */
  featureFlags?: Partial<Record<FeatureFlagName, boolean>>;
  /**
   * Whether the member of the body may also be called `subject`, as drafts -00 to -02 had it. Both at once must be equal.
   *
   * @default false
   * @see draft-parecki-oauth-global-token-revocation-02 §3.2
   */
  acceptSubjectMember?: boolean;
}

/** @see RFC 8414 §2 */
const isIssuer = (value: unknown): boolean =>
  typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && !/[?#]/.test(value);

const featureFlags = { GLOBAL_TOKEN_REVOCATION: v.exactOptional(flag) } satisfies Members<
  Record<FeatureFlagName, boolean>
>;

export const endpointOptions = {
  issuer: must<string>('an http or https URL without query and fragment, such as https://op.example.com', isIssuer),
  featureFlags: v.optional(shape(featureFlags), {}),
  acceptSubjectMember: v.optional(flag, false),
} satisfies Members<EndpointOptions>;
