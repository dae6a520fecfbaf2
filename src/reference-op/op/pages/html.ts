/** Finished markup. Only this file can create it, so a string cannot be mistaken for it. */
class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

export type { Html };

/** The values that a template accepts: `undefined` and `false` print nothing, arrays are joined. */
export type HtmlValue = Html | string | number | false | undefined | readonly HtmlValue[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char]!);

function render(value: HtmlValue): string {
  if (value instanceof Html) return value.toString();
  if (value === undefined || value === false) return '';
  if (Array.isArray(value)) return value.map(render).join('');
  return escape(String(value));
}

/** Builds markup from a template; escapes all values except those that are already `Html`. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(String.raw({ raw: strings }, ...values.map(render)));
}

/** Marks text from a trusted source as markup, such as a form from oidc-provider. */
export function unsafeHtml(markup: string): Html {
  return new Html(markup);
}
