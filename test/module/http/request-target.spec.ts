import { expect, test } from 'vitest';
import { requestPath, requestQuery } from '../../../src/module/index.js';
import { lastSegment } from '../../../src/module/http/request-target.js';

test.each([
  ['/a/b', '/a/b'],
  ['/A/b/', '/a/b'],
  ['/', '/'],
  ['', ''],
  [undefined, ''],
  ['/%61/%42', '/a/b'],
  ['/%2561', '/%61'],
  ['/a%2Fb', '/a/b'],
  ['/%', '/%'],
  ['/%ff', '/%ff'],
  ['/a?b#c', '/a'],
  ['/a#b?c', '/a'],
  ['/a?/b?/c', '/a'],
  ['http://host/a', '/a'],
  ['HTTPS://user@[::1]:8080/a?b', '/a'],
  ['custom+x://host/a', '/a'],
  ['http://host', ''],
  ['http://host?/a', ''],
  ['http://[/a', '/a'],
  ['/http://host/a', '/http://host/a'],
  ['//host/a', '//host/a'],
  ['*', '*'],
])('RFC 9112 §3.2: the path of %o is %s', (target, path) => {
  expect(requestPath(target)).toBe(path);
});

test.each([
  ['/a?b=c&d', 'b=c&d='],
  ['/a?b=c?d#?e', 'b=c%3Fd'],
  ['/a#?b=c', ''],
  ['http://[/a?b=c', 'b=c'],
  [undefined, ''],
])('the query of %o is %s', (target, query) => {
  expect(String(requestQuery(target))).toBe(query);
});

test.each([
  ['/a/b', 'b'],
  ['/a/%62/?c/d', '%62'],
  ['http://host/a#/b', 'a'],
  ['/a//', ''],
  [undefined, ''],
])('the last segment of %o is %s', (target, segment) => {
  expect(lastSegment(target)).toBe(segment);
});

test('a long host name does not take long to read', () => {
  const begun = performance.now();
  for (let i = 0; i < 5; i += 1) expect(lastSegment(`http://${'a'.repeat(16_000)}/b/c`)).toBe('c');
  expect(performance.now() - begun).toBeLessThan(500);
});
