/**
 * Files and folders of src/, lowest level first. A file may import from its own level or a lower one, never upwards, and
 * the places of one level do not import each other in a circle.
 */
export const levels: readonly (readonly string[])[] = [
  ['conformance/'],
  [
    'database/',
    'tracing/',
    'caller.options.ts',
    'endpoint-route.ts',
    'global-revocation.options.ts',
    'http-adapter.ts',
    'option-names.ts',
    'raw-body.ts',
    'revocation-listener.ts',
    'revocation-target.options.ts',
    'revocation.errors.ts',
    'user-source.options.ts',
  ],
  ['audit/', 'caller/', 'discovery/', 'feature-flags/', 'subject/'],
  ['revocation/'],
  ['endpoint/', 'notification/'],
  ['entities.ts', 'migrations/', 'startup/'],
  ['global-revocation.module-definition.ts', 'global-revocation.module-ports.ts', 'global-revocation.module.ts'],
  ['index.ts'],
  ['adapters/', 'admin/', 'metrics/'],
  ['op/'],
  ['testing/'],
  ['server/'],
];

/** The public faces of the package: the only files that re-export. */
export const barrels: readonly string[] = [
  'src/index.ts',
  'src/adapters/oidc-provider/index.ts',
  'src/admin/index.ts',
  'src/metrics/index.ts',
  'src/testing/index.cts',
];

/** The place of a file in the table above. */
export function placeOf(file: string): string | undefined {
  const path = file.slice('src/'.length);
  return levels.flat().find((place) => (place.endsWith('/') ? path.startsWith(place) : path === place));
}

/** Matches every file of these places. */
export function pattern(places: readonly string[]): string {
  return `^src/(${places.map((place) => place.replaceAll('.', String.raw`\.`) + (place.endsWith('/') ? '' : '$')).join('|')})`;
}
