/**
 * Files and folders of src/, lowest level first. A file may import from its own level or a lower one, never upwards, and
 * the places of one level do not import each other in a circle.
 */
export const levels: readonly (readonly string[])[] = [
  ['conformance/'],
  ['module/database/', 'module/http/', 'module/options/', 'module/revocation.errors.ts'],
  [
    'module/caller/caller.ts',
    'module/revocation/subject-epoch.entity.ts',
    'module/revocation/live-epoch.ts',
    'module/revocation/epoch-columns.ts',
    'module/revocation/raise-epochs.ts',
    'module/revocation/epoch-states.ts',
    'module/revocation/subject-epochs.ts',
    'module/revocation/sweep/alarm.ts',
  ],
  ['module/audit/request-context.ts'],
  ['module/audit/', 'module/caller/', 'module/feature-flags/', 'module/subject/'],
  ['module/notifications/'],
  ['module/revocation/'],
  ['module/backchannel-logout/'],
  ['module/endpoint/'],
  ['module/inbound-logout/', 'module/status-list/'],
  ['module/entities.ts', 'module/migrations/', 'module/startup/'],
  [
    'module/global-revocation.module-definition.ts',
    'module/global-revocation.module-extras.ts',
    'module/global-revocation.module-ports.ts',
    'module/global-revocation.module.ts',
  ],
  ['module/index.ts'],
  [
    ...['module/administration/', 'module/metrics/', 'module/oidc-provider/', 'module/resource-server/'],
    'module/shared-signals/',
  ],
  ['cli/'],
  ['reference-op/migrations/', 'reference-op/op/'],
  ['reference-op/', 'testing/'],
];

/** The public faces of the package: the only files that re-export. */
export const barrels: readonly string[] = [
  'src/module/index.ts',
  'src/module/oidc-provider/index.ts',
  'src/cli/index.ts',
  'src/module/administration/index.ts',
  'src/reference-op/op/index.ts',
  'src/module/metrics/index.ts',
  'src/module/resource-server/index.ts',
  'src/module/shared-signals/index.ts',
  'src/testing/index.cts',
];

/** The place of a file in the table above. */
export function placeOf(file: string): string | undefined {
  return levels.flat().find((place) => new RegExp(pattern([place])).test(file));
}

/** Matches every file of these places, but for what has a place of its own inside of them. */
export function pattern(places: readonly string[]): string {
  const escaped = (place: string): string => place.replaceAll('.', String.raw`\.`) + (place.endsWith('/') ? '' : '$');
  const one = (place: string): string => {
    const inside = levels.flat().filter((other) => other !== place && other.startsWith(place));
    const rest = inside.map((other) => escaped(other.slice(place.length))).join('|');
    return escaped(place) + (rest === '' ? '' : `(?!${rest})`);
  };
  return `^src/(${places.map(one).join('|')})`;
}
