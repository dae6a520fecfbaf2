// A caller as the draft describes it: a bearer token with a scope of its own, the user by a subject identifier of RFC 9493,
// metadata of RFC 8414. node draft.mjs ISSUER EMAIL, with CLIENT_ID and CLIENT_SECRET in the environment.
const [issuer, email] = process.argv.slice(2);
const { CLIENT_ID, CLIENT_SECRET } = process.env;

const metadata = await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json();
const tokens = await fetch(metadata.token_endpoint, {
  method: 'POST',
  headers: {
    Authorization: `Basic ${Buffer.from(`${encodeURIComponent(CLIENT_ID)}:${encodeURIComponent(CLIENT_SECRET)}`).toString('base64')}`,
  },
  body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'global_token_revocation' }),
});
const { access_token: token } = await tokens.json();
const response = await fetch(metadata.global_token_revocation_endpoint, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
  body: JSON.stringify({ sub_id: { format: 'email', email } }),
});
console.log(response.status);
process.exitCode = response.status === 204 ? 0 : 1;
