import { demoClients, demoPeople } from './demo-data.js';
import { type SettingInWords, settingsApart, settingsInWords } from './settings/settings-description.js';
import type { Settings } from './settings/settings.js';

/** Returns the message that is printed when the server is ready. */
export function startMessage(settings: Settings): string {
  const { issuer, path, production, docs } = settings;
  const lines = [
    `Ready: ${issuer}`,
    `  discovery   ${issuer}/.well-known/openid-configuration`,
    `  revocation  POST ${issuer}/${path}`,
    ...(docs ? [`  Swagger UI  ${issuer}/docs`] : []),
    ...(production ? [] : [`  demo page   ${issuer}/demo`]),
    ...(production ? allSettings(settings) : [...ownSettings(settings), ...demo(`${issuer}/${path}`)]),
  ];
  return lines.join('\n');
}

/** In production, lists all settings, so that the log shows later what was in effect. */
const allSettings = (settings: Settings): string[] => [
  '',
  'Settings in effect (keys and passwords are not shown):',
  ...table(settingsInWords(settings), '  '),
];

/** Outside production, lists the settings that differ from their defaults. */
function ownSettings(settings: Settings): string[] {
  const own = settingsApart(settings);
  return [
    `  settings    the defaults of config/default.yaml${own.length === 0 ? '' : ', except'}`,
    ...table(own, ' '.repeat(14)),
  ];
}

function table(rows: SettingInWords[], indent: string): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${indent}${name.padEnd(width)}  ${value}`);
}

function demo(endpoint: string): string[] {
  const operator = demoClients.find(({ clientId }) => clientId === 'demo-operator')!;
  return [
    '',
    'Demo people (name / password):',
    ...demoPeople.map(({ uid, password }) => `  ${uid.padEnd(11)} ${password}`),
    '',
    'Demo clients (id / secret):',
    ...demoClients.flatMap(({ clientId, secret, use }) => [`  ${clientId}: ${use}`, `    ${secret}`]),
    '',
    'End every token and session of alice:',
    `  curl -i -u ${operator.clientId}:${operator.secret} -H 'Content-Type: application/json' \\`,
    `    -d '{"sub_id":{"format":"uid","id":"alice"}}' ${endpoint}`,
  ];
}
