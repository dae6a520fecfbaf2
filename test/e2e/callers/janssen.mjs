// A caller as Janssen Server documents it: HTTP Basic, the user by an attribute, any 2xx is success.
// node janssen.mjs ISSUER UID, with CLIENT_ID and CLIENT_SECRET in the environment.
const [issuer, uid] = process.argv.slice(2);
const { CLIENT_ID, CLIENT_SECRET } = process.env;

const configuration = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
const response = await fetch(configuration.global_token_revocation_endpoint, {
  method: 'POST',
  headers: {
    'Content-Type': 'application/json',
    Authorization: `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}`,
  },
  body: JSON.stringify({ sub_id: { format: 'uid', id: uid } }),
});
console.log(response.status);
process.exitCode = response.ok ? 0 : 1;
