import { demoClients, demoPeople } from './demo-data.js';
import type { Settings } from './settings.js';

/** What is printed when the server is ready, in plain words. */
export function startMessage({ issuer, path, production, docs }: Settings): string {
  const lines = [
    `Ready: ${issuer}`,
    `  discovery   ${issuer}/.well-known/openid-configuration`,
    `  revocation  POST ${issuer}/${path}`,
    ...(docs ? [`  Swagger UI  ${issuer}/docs`] : []),
  ];
  return [...lines, ...(production ? [] : [`  demo page   ${issuer}/demo`, ...demo(`${issuer}/${path}`)])].join('\n');
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
