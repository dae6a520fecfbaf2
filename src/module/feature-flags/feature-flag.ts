import { FEATURE_FLAGS, type FeatureFlagName } from '../options/endpoint.options.js';

/**
 * A name as a known flag.
 *
 * @throws Error that lists the known names
 */
export function knownFeatureFlag(name: string): FeatureFlagName {
  const known = FEATURE_FLAGS.find((flag) => flag === name);
  if (!known) throw new Error(`unknown feature flag '${name}'; known: ${FEATURE_FLAGS.join(', ')}`);
  return known;
}
