import type { Site } from '../pages/site.js';

/** Injection token of {@link DemoOptions}. */
export const DEMO_OPTIONS = Symbol('DEMO_OPTIONS');

/** Where the demo page finds the provider. The URL of the page begins with the issuer. */
export interface DemoOptions extends Site {
  /** URL of the revocation endpoint. */
  endpoint: string;
}
