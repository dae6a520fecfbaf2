import { demoClients, demoPeople } from './demo-data.js';
import { type SettingInWords, settingsApart, settingsInWords } from './settings/settings-description.js';
import type { Settings } from './settings/settings.js';

/** What is printed when the server is ready, in plain words. */
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

/** Who starts it in production must be able to see later what was in force. */
const allSettings = (settings: Settings): string[] => [
  '',
  'Settings in force (keys and passwords are not shown):',
  ...table(settingsInWords(settings), '  '),
];

/** Elsewhere: what is not as usual. */
function ownSettings(settings: Settings): string[] {
  const own = settingsApart(settings);
  return [
    `  settings    the defaults of config/default.yaml${own.length === 0 ? '' : ', but for'}`,
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
    'End everything alice has:',
    `  curl -i -u ${operator.clientId}:${operator.secret} -H 'Content-Type: application/json' \\`,
    `    -d '{"sub_id":{"format":"uid","id":"alice"}}' ${endpoint}`,
  ];
}
