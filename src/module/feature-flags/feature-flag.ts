import { FEATURE_FLAGS, type FeatureFlagName } from '../options/endpoint.options.js';

/**
 * Returns the known flag with this name.
 *
 * @throws Error that lists the known names
 */
export function knownFeatureFlag(name: string): FeatureFlagName {
  const known = FEATURE_FLAGS.find((flag) => flag === name);
  if (!known) throw new Error(`unknown feature flag '${name}'; known: ${FEATURE_FLAGS.join(', ')}`);
  return known;
}
