import { Settings } from '../../src/reference-op/settings/settings.js';
import { settingsTable } from '../../src/reference-op/settings/settings-table.js';
import { table } from '../readme/marks.js';
import { declarationOf } from './declarations.js';
import { cell, defaultOf, meaningOf } from './option-tables.js';

/** The table of everything that the reference server can be told. */
export function settingsInMarkdown(): string {
  const { properties } = declarationOf('src/reference-op/settings/settings.ts', 'Settings');
  return table(
    ['variable', 'in the file', 'meaning', 'must be', 'default'],
    settingsTable(Settings).map(({ key, env, yaml, allowed }) => {
      const property = properties.find(({ name }) => name === key)!;
      return [`\`${env}\``, yaml ? `\`${key}\`` : '', cell(meaningOf(property)), cell(allowed), defaultOf(property)];
    }),
  );
}
