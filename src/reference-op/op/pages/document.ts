import { html, type Html } from './html.js';

/** Returns a complete document. @param head what follows its title @param body contains the only `h1` */
export const documentOf = (title: string, head: Html, body: Html): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        ${head}
      </head>
      <body>
        ${body}
      </body>
    </html>`.toString();
