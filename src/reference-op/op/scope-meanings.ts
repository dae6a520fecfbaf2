const MEANINGS: Readonly<Record<string, string>> = {
  openid: 'Know who you are',
  offline_access: 'Stay connected while you are away',
  profile: 'See your name',
  email: 'See your e-mail address',
  phone: 'See your phone number',
};

/** Returns the meaning of scopes for the consent page. */
export const scopeMeanings = (scopes: readonly string[]): Array<{ name: string; meaning: string }> =>
  scopes.flatMap((name) => (MEANINGS[name] === undefined ? [] : [{ name, meaning: MEANINGS[name] }]));
