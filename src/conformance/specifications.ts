interface Specification {
  title: string;
  url: string;
}

const rfc = (number: number, title: string): Specification => ({
  title,
  url: `https://www.rfc-editor.org/rfc/rfc${number}`,
});

/** Sources of requirements, by the name that ids begin with. */
export const SPECIFICATIONS = {
  'draft-06': {
    title: 'Global Token Revocation (draft-parecki-oauth-global-token-revocation-06)',
    url: 'https://datatracker.ietf.org/doc/html/draft-parecki-oauth-global-token-revocation-06',
  },
  'RFC 6750': rfc(6750, 'OAuth 2.0 Bearer Token Usage'),
  'RFC 7523': rfc(7523, 'JWT Profile for OAuth 2.0 Client Authentication'),
  'RFC 7662': rfc(7662, 'OAuth 2.0 Token Introspection'),
  'RFC 8705': rfc(8705, 'OAuth 2.0 Mutual-TLS Client Authentication and Certificate-Bound Access Tokens'),
  'RFC 8725': rfc(8725, 'JSON Web Token Best Current Practices'),
  'RFC 9449': rfc(9449, 'OAuth 2.0 Demonstrating Proof of Possession (DPoP)'),
  'RFC 9493': rfc(9493, 'Subject Identifiers for Security Event Tokens'),
  'Token Status List': {
    title: 'Token Status List (draft-ietf-oauth-status-list)',
    url: 'https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list',
  },
  'OpenID.Back-Channel': {
    title: 'OpenID Connect Back-Channel Logout 1.0',
    url: 'https://openid.net/specs/openid-connect-backchannel-1_0.html',
  },
  'OpenID.SSF': {
    title: 'OpenID Shared Signals Framework 1.0',
    url: 'https://openid.net/specs/openid-sharedsignals-framework-1_0-final.html',
  },
  'OpenID.CAEP': {
    title: 'OpenID Continuous Access Evaluation Profile 1.0',
    url: 'https://openid.net/specs/openid-caep-1_0-final.html',
  },
  Okta: {
    title: 'Okta Universal Logout',
    url: 'https://developer.okta.com/docs/guides/oin-universal-logout-overview/',
  },
} as const satisfies Record<string, Specification>;

export type SpecificationName = keyof typeof SPECIFICATIONS;

/** Returns the URL of a section: `3.2.1`, `A.3`, or the heading if sections have no numbers. */
export function urlOf(specification: SpecificationName, section: string): string {
  const anchor = specification === 'OpenID.Back-Channel' ? `rfc.section.${section}` : anchorOf(section);
  return `${SPECIFICATIONS[specification].url}#${anchor}`;
}

function anchorOf(section: string): string {
  if (/^\d/.test(section)) return `section-${section}`;
  if (/^[A-Z]\.\d/.test(section)) return `appendix-${section}`;
  return section.toLowerCase().replaceAll(' ', '-');
}
