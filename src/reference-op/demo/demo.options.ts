import type { Site } from '../pages/site.js';

/** Injection token of {@link DemoOptions}. */
export const DEMO_OPTIONS = Symbol('DEMO_OPTIONS');

/** Where the demo page finds the provider. The URL of the page begins with the issuer. */
export interface DemoOptions extends Site {
  /** URL of the revocation endpoint. */
  endpoint: string;
  /** Whether there is a second application, which is told by back-channel logout. @default false */
  shop?: boolean;
  /** The API that takes JWTs. @default there is none */
  jwtApi?: {
    /** Its identifier, and its URL. */
    audience: string;
    /** Within how many seconds a revocation reaches it. */
    withinSeconds: number;
  };
}
