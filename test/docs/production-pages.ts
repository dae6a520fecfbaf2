/** Pages whose commands are run one after the other by production.spec.ts, against a database server. */
export const PRODUCTION_PAGES: readonly string[] = ['docs/operations/production.md', 'docs/operations/incidents.md'];
