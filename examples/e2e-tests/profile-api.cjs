const events = require('node:events');
const { createServer } = require('node:http');

/** Starts the program under test: an API that asks the authorization server whose token it was given. */
exports.startProfileApi = async (issuer) => {
  const answer = async ({ headers: { authorization = '' } }, response) => {
    const userinfo = await fetch(`${issuer}/me`, { headers: { authorization } });
    response.writeHead(userinfo.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(userinfo.ok ? { account: (await userinfo.json()).sub } : { error: 'sign in first' }));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(502).end());
  }).listen(0);
  await events.once(server, 'listening');
  const url = `http://localhost:${server.address().port}/profile`;
  return {
    /** Status of the profile of whoever has these tokens. */
    status: async ({ access_token }) =>
      (await fetch(url, { headers: { authorization: `Bearer ${access_token}` } })).status,
    stop: () => server.close().closeAllConnections(),
  };
};
