import { settingsTable } from '../../../src/reference-op/settings/settings-table.js';
import { declarationOf } from './declarations.js';
import { defaultOf, GENERATED, meaningOf } from './options.js';

const INTRODUCTION = `The reference server reads its settings from [\`config/default.yaml\`](../../config/default.yaml), or from the file
that \`GTR_CONFIG_FILE\` names. Environment variables take precedence. An unknown name or an invalid value prevents startup, and one
line names it. At startup the server prints the settings in force: in production all of them, without keys and passwords; otherwise
those that differ from the default.`;

/** The page on everything that the reference server can be told. */
export function settingsPage(): string {
  const { properties } = declarationOf('src/reference-op/settings/settings.ts', 'SETTINGS');
  const parts = settingsTable.map(({ key, env, yaml, kind }) => {
    const property = properties.find(({ name }) => name === key)!;
    const inFile = yaml ? `- In the file: \`${key}\`` : '- Environment only';
    return [
      `## ${env}`,
      [inFile, `- Allowed: ${kind.allowed}`, `- ${defaultOf(property)}`].join('\n'),
      meaningOf(property),
    ];
  });
  return `${['# Settings of the reference server', GENERATED, INTRODUCTION, ...parts.flat()].join('\n\n')}\n`;
}
