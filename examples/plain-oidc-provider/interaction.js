import express from 'express';
import { isPassword } from './passwords.js';

/** The sign-in page. Signing in allows everything that the client asks for. */
export function interaction(provider, revocation, people) {
  const router = express.Router();

  router.get('/:uid', (_request, response) => {
    response.type('html').send(`<!doctype html><title>Sign in</title>
      <form method="post"><input name="email"><input name="password" type="password"><button>Sign in</button></form>`);
  });

  router.post('/:uid', express.urlencoded({ extended: false }), async (request, response) => {
    const { params } = await provider.interactionDetails(request, response);
    const accountId = await signIn(String(request.body.email), String(request.body.password));
    if (accountId === undefined) {
      response.status(401).send('wrong address or password');
      return;
    }
    const grant = new provider.Grant({ accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    const result = { login: { accountId }, consent: { grantId: await grant.save() } };
    await provider.interactionFinished(request, response, result);
  });

  async function signIn(email, password) {
    const person = await people.findOneBy({ email });
    if (!person) return undefined;
    // Before the password is checked: a revocation in the meantime ends this sign-in too.
    await revocation.epochForSignIn(person.id);
    return (await isPassword(password, person.password)) ? person.id : undefined;
  }

  return router;
}
