/** Where a document is, by what is cited. */
const ADDRESSES: ReadonlyArray<readonly [RegExp, (match: RegExpExecArray) => string]> = [
  [/^RFC (\d+)$/, ([, number]) => `https://www.rfc-editor.org/rfc/rfc${number}`],
  [/^draft-[a-z\d-]+-\d\d$/, ([name]) => `https://datatracker.ietf.org/doc/html/${name}`],
];

/**
 * A citation with links: `RFC 9449 §4.3, §11.1` → each section leads to its place in the document.
 *
 * @param citation as after `@see`; what is neither an RFC nor a draft stays as it is
 */
export function withLinks(citation: string): string {
  let address: string | undefined;
  return citation.replaceAll(
    /((?:^|(?<=, ))(?!RFC \d|draft-[a-z\d-]+-\d\d|§)[^,]+)|(RFC \d+|draft-[a-z\d-]+-\d\d)(?: (§\S*[A-Z\d]))?|(§\S*[A-Z\d])/g,
    (all, other, document, first, next) => {
      if (typeof other === 'string') address = undefined; // what follows is not in the document before
      if (typeof document === 'string') address = addressOf(document);
      const section = (first ?? next) as string | undefined;
      if (address === undefined) return all;
      return `[${all}](${address}${section === undefined ? '' : anchorOf(section)})`;
    },
  );
}

function addressOf(document: string): string | undefined {
  for (const [pattern, address] of ADDRESSES) {
    const match = pattern.exec(document);
    if (match) return address(match);
  }
  return undefined;
}

/** @see RFC 7992 §5.2 of the form of anchors */
const anchorOf = (section: string): string =>
  `#${/^§\d/.test(section) ? 'section' : 'appendix'}-${section.slice('§'.length)}`;
