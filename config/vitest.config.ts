import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import tsconfig from '../tsconfig.json' with { type: 'json' };
import { LongestFirst } from './longest-first.js';

/** Most files that start no server, and at least one per area, which a test of the architecture checks. */
export const quick = [
  'test/architecture/*.spec.ts',
  'test/cli/execute.spec.ts',
  'test/conformance/selection.spec.ts',
  'test/docs/{commands,messages,pages,sections}.spec.ts',
  'test/docs/reference/*.spec.ts',
  'test/module/database/{batched-read,driver-errors,group-commit,sealer}.spec.ts',
  'test/module/migrations/migrations.schema.spec.ts',
  'test/module/options/*.spec.ts',
  'test/module/subject/{user-mappings,subject-identifier}.spec.ts',
  'test/module/subject/formats/*.spec.ts',
  'test/module/audit/{identifier-hash,request-context}.spec.ts',
  'test/module/caller/basic/{basic-credentials,client-secret}.spec.ts',
  'test/module/endpoint/strict-json.spec.ts',
  'test/module/feature-flags/typeorm-feature-flag.store.spec.ts',
  'test/module/http/nest-internals.spec.ts',
  'test/module/metrics/metrics.dashboards.spec.ts',
  'test/module/backchannel-logout/participants.spec.ts',
  'test/module/inbound-logout/logout-refusal.spec.ts',
  'test/module/notifications/{backoff,notification-sinks}.spec.ts',
  'test/module/oidc-provider/bad-requests.spec.ts',
  'test/module/shared-signals/stream-configuration.spec.ts',
  'test/module/resource-server/status-list.spec.ts',
  'test/module/status-list/encoding.spec.ts',
  'test/module/revocation/revocation.service.spec.ts',
  'test/module/startup/start-checks.spec.ts',
  'test/mutants/{rows,tree-copies}.spec.ts',
  'test/package/declared.spec.ts',
  'test/reference-op/op/pages/pages.markup.spec.ts',
  'test/reference-op/settings/settings.spec.ts',
  'test/testing/actors.spec.ts',
];

const root = fileURLToPath(new URL('..', import.meta.url));

/** Resolves the packages of this workspace to their sources, as the compiler does. */
const alias = Object.entries(tsconfig.compilerOptions.paths)
  .filter(([, [path]]) => path?.endsWith('.ts'))
  .map(([name, [path]]) => ({
    find: new RegExp(`^${name.replace('*', '(.+)')}$`),
    replacement: join(root, path!.replace('*', '$1')),
  }));

/** Everything under test/ runs in Vitest, including tools, because its transform emits the decorator metadata for Nest. */
export default defineConfig({
  root,
  resolve: { alias },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    isolate: false,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    setupFiles: ['reflect-metadata'],
    projects: [
      project('suite', { include: ['test/**/*.spec.ts'] }),
      project('quick', { include: quick }),
      tool('mutants', 'test/mutants/run.ts'),
      tool('race', 'test/bench/race.ts'),
      tool('cluster', 'test/cluster/cluster.ts'),
      tool('bench', 'test/bench/bench.ts'),
      tool('against', 'test/bench/against.ts'),
      tool('soak', 'test/bench/soak.ts'),
      tool('peers', 'test/bench/peers.ts'),
      tool('fuzz', 'test/fuzz/run.ts'),
      tool('run-log', 'test/e2e/run-log.ts'),
      tool('pictures', 'test/e2e/browser/{browser.spec,tui-picture}.ts', { PICTURES: 'docs/pictures' }),
    ],
  },
});

/** The set-up belongs to the projects; at the top level it would run twice. */
function project(name: string, test: TestProjectInlineConfiguration['test']): TestProjectInlineConfiguration {
  return { extends: true, test: { name, globalSetup: ['test/support/global-setup.ts'], ...test } };
}

/** A project of one file that measures or writes something: without a time limit, printing directly to the terminal. */
function tool(name: string, file: string, env: Record<string, string> = {}): TestProjectInlineConfiguration {
  return project(name, {
    include: [file],
    env,
    testTimeout: 0,
    hookTimeout: 0,
    maxConcurrency: 2,
    disableConsoleIntercept: true,
  });
}
