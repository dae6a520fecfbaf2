import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { consentPage } from '../../../../src/reference-op/op/pages/consent.page.js';
import { deviceCodePage } from '../../../../src/reference-op/op/pages/device-code.page.js';
import { deviceConfirmPage } from '../../../../src/reference-op/op/pages/device-confirm.page.js';
import { html, unsafeHtml } from '../../../../src/reference-op/op/pages/html.js';
import { loginPage } from '../../../../src/reference-op/op/pages/login.page.js';
import { logoutPage } from '../../../../src/reference-op/op/pages/logout.page.js';
import { messagePage } from '../../../../src/reference-op/op/pages/message.page.js';
import { signedOutPage } from '../../../../src/reference-op/op/pages/signed-out.page.js';
import { style } from '../../../../src/reference-op/op/pages/style.js';

const hostile = `<script>"'&`;
const escaped = '&lt;script&gt;&quot;&#39;&amp;';

type Fill = (option: string) => string;

/** Every page, built from a function that supplies each option's value by its name. */
const pages: Record<string, { options: string[]; build: (fill: Fill) => string }> = {
  login: {
    options: ['action', 'abortAction', 'clientName', 'identifier', 'error'],
    build: (fill) =>
      loginPage({
        action: fill('action'),
        abortAction: fill('abortAction'),
        clientName: fill('clientName'),
        identifier: fill('identifier'),
        error: fill('error'),
      }),
  },
  consent: {
    options: ['action', 'abortAction', 'clientName', 'accountName', 'name', 'meaning'],
    build: (fill) =>
      consentPage({
        action: fill('action'),
        abortAction: fill('abortAction'),
        clientName: fill('clientName'),
        accountName: fill('accountName'),
        scopes: [
          { name: 'openid', meaning: 'Know who you are' },
          { name: fill('name'), meaning: fill('meaning') },
        ],
      }),
  },
  'signed out, start again': {
    options: ['href'],
    build: (fill) => signedOutPage({ startAgain: { href: fill('href') } }),
  },
  'signed out, back to app': {
    options: ['href', 'name'],
    build: (fill) => signedOutPage({ backToApp: { href: fill('href'), name: fill('name') } }),
  },
  message: {
    options: ['title', 'message', 'code', 'href', 'label'],
    build: (fill) =>
      messagePage({
        title: fill('title'),
        message: fill('message'),
        code: fill('code'),
        link: { href: fill('href'), label: fill('label') },
      }),
  },
  'device code': {
    options: ['action', 'xsrf', 'userCode', 'error'],
    build: (fill) =>
      deviceCodePage({
        action: fill('action'),
        xsrf: fill('xsrf'),
        userCode: fill('userCode'),
        error: fill('error'),
      }),
  },
  'device confirm': {
    options: ['action', 'xsrf', 'userCode', 'displayCode', 'clientName'],
    build: (fill) =>
      deviceConfirmPage({
        action: fill('action'),
        xsrf: fill('xsrf'),
        userCode: fill('userCode'),
        displayCode: fill('displayCode'),
        clientName: fill('clientName'),
      }),
  },
  logout: {
    options: ['action', 'xsrf', 'clientName'],
    build: (fill) =>
      logoutPage({
        action: fill('action'),
        xsrf: fill('xsrf'),
        clientName: fill('clientName'),
      }),
  },
};

const plain: Fill = (option) => `a-${option}`;
const built = Object.entries(pages).map(([page, { build }]) => ({ page, markup: build(plain) }));
const slots = Object.entries(pages).flatMap(([page, { options }]) => options.map((option) => ({ page, option })));

const count = (markup: string, pattern: RegExp) => [...markup.matchAll(pattern)].length;
const withoutStyle = (markup: string) => markup.replace(/<style>[^]*?<\/style>/, '');
const tags = (markup: string, tag: string) => [...withoutStyle(markup).matchAll(new RegExp(`<${tag}\\b[^>]*>`, 'g'))];
const attribute = (tag: string, key: string) => tag.match(new RegExp(`\\s${key}="([^"]*)"`))?.[1];

describe('html', () => {
  test('escapes a string with markup', () => {
    expect(html`<b title="${hostile}">${hostile}</b>`.toString()).toBe(`<b title="${escaped}">${escaped}</b>`);
  });

  test('does not escape html within html again, also in arrays', () => {
    const items = ['<', '>'].map((text) => html`<b>${text}</b>`);
    expect(html`${items}${html`!`}`.toString()).toBe('<b>&lt;</b><b>&gt;</b>!');
  });

  test('prints unsafeHtml unchanged', () => {
    expect(html`${unsafeHtml('<form></form>')}`.toString()).toBe('<form></form>');
  });

  test('prints nothing for undefined and false, and "0" for zero', () => {
    expect(html`[${undefined}${false}${0}]`.toString()).toBe('[0]');
  });

  test('escapes an object that only looks like html', () => {
    const forged = { toString: () => '<script>', map: () => ['<script>'] };
    expect(html`${forged as never}`.toString()).not.toContain('<script>');
  });
});

describe('every page', () => {
  test.each(slots)('$page: escapes markup in $option', ({ page, option }) => {
    const { build } = pages[page]!;
    const markup = build((name) => (name === option ? hostile : plain(name)));

    expect(markup).toContain(escaped);
    expect(markup).not.toContain('<script');
    expect(markup.replaceAll(escaped, `a-${option}`)).toBe(build(plain));
  });

  test.each(built)('$page: its style element has the exported hash', ({ markup }) => {
    const sheets = [...markup.matchAll(/<style>([^]*?)<\/style>/g)];

    expect(sheets).toHaveLength(1);
    expect(`'sha256-${createHash('sha256').update(sheets[0]![1]!).digest('base64')}'`).toBe(style.source);
  });

  test.each(built)('$page: contains no script, handler or inline style', ({ markup }) => {
    expect(withoutStyle(markup)).not.toMatch(/<script|\sstyle=|\son\w+=|javascript:|<link|<img/i);
  });

  test.each(built)('$page: each input has a label', ({ markup }) => {
    const visible = tags(markup, 'input').filter(([tag]) => attribute(tag, 'type') !== 'hidden');
    const labels = tags(markup, 'label').map(([tag]) => attribute(tag, 'for'));

    expect(visible.map(([tag]) => attribute(tag, 'id'))).toEqual(labels);
    expect(labels).not.toContain(undefined);
  });

  test.each(built)('$page: every referenced ID exists and is unique', ({ markup }) => {
    const ids = [...withoutStyle(markup).matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    const used = [...markup.matchAll(/\saria-(?:describedby|labelledby)="([^"]*)"/g)];

    expect(new Set(ids).size).toBe(ids.length);
    for (const id of used.flatMap(([, list]) => list!.split(' '))) expect(ids).toContain(id);
  });

  test.each(built)('$page: has a language, one title, one main and one h1', ({ markup }) => {
    expect(markup).toMatch(/^<!doctype html>\s*<html lang="en">/);
    expect(count(markup, /<title>[^<]+ · Sign-in<\/title>/g)).toBe(1);
    expect(count(markup, /<main>/g)).toBe(1);
    expect(count(markup, /<h1>/g)).toBe(1);
  });
});

describe('login page', () => {
  const options = { action: '/in', abortAction: '/abort', clientName: 'Demo' };

  test('first visit: has hints for password managers and no error', () => {
    const markup = loginPage(options);

    expect(markup).toContain('autocomplete="username"');
    expect(markup).toContain('autocomplete="current-password"');
    expect(withoutStyle(markup)).not.toMatch(/role="alert"|aria-invalid/);
  });

  test('after a failure: announces the error, keeps the identifier and empties the password', () => {
    const markup = loginPage({ ...options, identifier: 'alice', error: 'That did not match.' });

    expect(markup).toMatch(/role="alert"><p id="error">That did not match\.</);
    expect(markup).toContain('<title>Error: ');
    const [identifier, password] = tags(markup, 'input').map(([tag]) => tag);
    expect(attribute(identifier!, 'value')).toBe('alice');
    expect(attribute(password!, 'value')).toBeUndefined();
    expect(attribute(password!, 'aria-describedby')).toBe('error');
  });

  test('cancel is a separate form', () => {
    const actions = tags(loginPage(options), 'form').map(([tag]) => attribute(tag, 'action'));
    expect(actions).toEqual(['/in', '/abort']);
  });
});

describe('links out of a page', () => {
  test('shows only "Start again" when both ways are known', () => {
    const markup = signedOutPage({
      startAgain: { href: '/again' },
      backToApp: { href: 'https://app.example', name: 'Demo' },
    });

    expect(tags(markup, 'a').map(([tag]) => attribute(tag, 'href'))).toEqual(['/again']);
    expect(markup).toContain('Start again');
  });

  test('shows text instead of a link when no way is known', () => {
    const markup = signedOutPage({});
    expect(tags(markup, 'a')).toEqual([]);
    expect(markup).toContain('go back to the app');
  });

  test.each(['javascript:alert(1)', ' JavaScript:alert(1)', 'data:text/html,x', 'http://['])(
    'does not link to %s',
    (href) => {
      const markup = messagePage({ title: 'T', message: 'M', link: { href, label: 'Go' } });
      expect(tags(markup, 'a')).toEqual([]);
    },
  );
});
