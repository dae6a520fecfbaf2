// An identity provider as draft -06 §3.5 describes it: a JWT signed with the key of its ID tokens, no typ, its own issuer as iss.
// node draft-idp.mjs ENDPOINT ISSUER CLIENT_ID EMAIL, with the private key in PEM in the environment (PRIVATE_KEY) and its KEY_ID.
import { createPrivateKey, randomUUID, sign } from 'node:crypto';

const [endpoint, issuer, clientId, email] = process.argv.slice(2);
const { PRIVATE_KEY, KEY_ID } = process.env;

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = Math.floor(Date.now() / 1000);
const header = { alg: 'RS256', kid: KEY_ID };
const claims = { iss: issuer, sub: clientId, aud: endpoint, jti: randomUUID(), iat: now, exp: now + 300 };
const signed = `${encode(header)}.${encode(claims)}`;
const signature = sign('sha256', Buffer.from(signed), createPrivateKey(PRIVATE_KEY)).toString('base64url');

const response = await fetch(endpoint, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${signed}.${signature}` },
  body: JSON.stringify({ sub_id: { format: 'email', email } }),
});
console.log(response.status);
process.exitCode = response.status === 204 ? 0 : 1;
