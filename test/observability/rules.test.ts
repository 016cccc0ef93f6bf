import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Registry, type Metric } from 'prom-client';
import { projectFolder } from '../../platform/project-folder';
import { healthMetrics } from '../../streams/runtime/health-metrics';
import { processMetrics } from '../../streams/process-metrics';
import { buildTestEdge, type TestEdge } from '../edge/in-memory-parts';
import { dashboards, expressions, observability, rules } from './observed';
import { seriesIn } from './exposed';
import { namedIn } from './promql';

/** Prometheus' own, and the labels that it gives whatever it reads. */
const OF_PROMETHEUS = new Set(['up']);
const TARGET_LABELS = ['job', 'instance', 'le'];

const recorded = new Set(rules.flatMap(({ record }) => record ?? []));
const edgeMetrics = new Registry();
const registries = [healthMetrics(() => [], processMetrics().registry), edgeMetrics];
let edge: TestEdge;

beforeAll(async () => {
  edge = await buildTestEdge({}, undefined, edgeMetrics);
});
afterAll(() => edge.app.close());

function told(): readonly Metric[] {
  // prom-client's types leave the list itself open.
  return registries.flatMap((registry) => registry.getMetricsAsArray() as unknown as Metric[]);
}

test('every metric that a rule or a dashboard names is one that a process tells', async () => {
  const texts = await Promise.all(registries.map((registry) => registry.metrics()));
  const known = new Set([...texts.flatMap(seriesIn), ...recorded, ...OF_PROMETHEUS]);
  const unknown = expressions.flatMap(({ where, text }) =>
    namedIn(text).metrics.flatMap((name) => (known.has(name) ? [] : [`${where}: ${name}`])),
  );
  expect(unknown).toEqual([]);
  expect(known.has('streams_app_stopped')).toBe(false);
});

test('every label that is matched or grouped by is one of the metrics beside it', () => {
  const labelsOf = new Map(
    told().map((metric) => {
      const { name, labelNames } = metric as unknown as { name: string; labelNames: string[] };
      return [name, labelNames];
    }),
  );
  const unknown = expressions.flatMap(({ where, text }) => {
    const { metrics, labels } = namedIn(text);
    // What a recorded series is grouped by stands in its own rule.
    if (metrics.some((name) => recorded.has(name))) return [];
    const own = metrics.flatMap(
      (name) => labelsOf.get(name.replace(/_(bucket|sum|count)$/, '')) ?? labelsOf.get(name) ?? [],
    );
    const known = [...own, ...TARGET_LABELS];
    return labels.flatMap((label) => (known.includes(label) ? [] : [`${where}: ${label}`]));
  });
  expect(unknown).toEqual([]);
});

test('what is no PromQL is found', () => {
  expect(() => namedIn('sum(rate(up[5m])')).toThrow('no PromQL');
});

test('every alert says how urgent it is, and its page in the runbook stands under its name', () => {
  const page = readFileSync(path.join(projectFolder, 'docs/runbooks/alerts.md'), 'utf8');
  const written = [...page.matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
  const alerts = rules.flatMap((rule) => (rule.alert === undefined ? [] : [rule]));
  expect(written).toEqual(alerts.map(({ alert }) => alert));
  for (const { alert = '', labels, annotations } of alerts) {
    expect(labels?.['severity']).toMatch(/^(page|ticket)$/);
    expect(annotations?.['runbook']).toBe(`docs/runbooks/alerts.md#${alert.toLowerCase()}`);
  }
});

test('dashboards are told apart, and so are the panels of each', () => {
  expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
  for (const { panels } of dashboards) {
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  }
});

const promtool = spawnSync('promtool', ['--version']).error === undefined;
const withPromtool = promtool ? test : test.skip;

withPromtool(
  `promtool takes the rules, and they do on made-up series what they should${promtool ? '' : ' (skipped: promtool, in Debian’s package prometheus, is not installed)'}`,
  () => {
    const run = (...args: string[]) =>
      spawnSync('promtool', args, {
        cwd: path.join(observability, 'prometheus'),
        encoding: 'utf8',
      });
    const checked = run('check', 'rules', 'recording-rules.yml', 'alert-rules.yml');
    expect({ status: checked.status, said: checked.stderr }).toEqual({ status: 0, said: '' });
    const tested = run('test', 'rules', 'rules-test.yml');
    expect({ status: tested.status, said: tested.stderr }).toEqual({ status: 0, said: '' });
  },
);
