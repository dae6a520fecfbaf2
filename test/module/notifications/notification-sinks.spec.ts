import { Scope, type Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import { describe, expect, test } from 'vitest';
import type { NotificationSink } from '../../../src/module/index.js';
import { NotificationSinks } from '../../../src/module/notifications/notification-sinks.js';
import { resolveOptions } from '../../../src/module/options/global-revocation.options.js';
import { RecordingSink } from './recording-sink.js';

class Nameless extends RecordingSink {
  override readonly name = '' as never;
}
class Mute {
  readonly name = 'mute';
}
class Twin extends RecordingSink {}
class Missing extends RecordingSink {}
class PerRequest extends RecordingSink {}

/** Nest's look-up of providers; the sink itself is real. */
const modules = {
  introspect(type: Type) {
    if (type === Missing) throw new Error('not found');
    return { scope: type === PerRequest ? Scope.REQUEST : Scope.DEFAULT };
  },
  get: (type: Type) => new type() as unknown,
} as unknown as ModuleRef;

const find = (...sinks: Array<Type<NotificationSink>>) =>
  new NotificationSinks(resolveOptions({ issuer: 'https://op.example.com', notifications: { sinks } }), modules);

describe('notifications.sinks', () => {
  test('are found by name', () => {
    expect([...find(RecordingSink).byName.keys()]).toEqual(['recording']);
  });

  test.each<[string, Array<Type<unknown>>, RegExp]>([
    ['is not provided', [Missing], /sinks: Missing is missing: add it to the providers of a module/],
    ['is request-scoped', [PerRequest], /sinks: PerRequest: it or a dependency is request-scoped/],
    ['cannot send', [Mute], /sinks: Mute has no recipients\(\) or no send\(\)/],
    ['has no name', [Nameless], /sinks: Nameless: `name` must be text of 1 to 64 characters/],
    ['has the name of another', [RecordingSink, Twin], /sinks: Twin: another sink is called 'recording'/],
  ])('prevent startup if one %s', (_title, sinks, message) => {
    const found = find(...(sinks as Array<Type<NotificationSink>>));
    expect(() => found.onModuleInit()).toThrow(message);
  });
});
