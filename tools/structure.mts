/**
 * `npm run structure`: the arrows between the rooms, counted from the imports. Back arrows (against
 * `import-zones.mjs`) and circles of files are named one by one; status 0 only when there are none.
 */
import path from 'node:path';
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';

interface Zone {
  readonly target: string | readonly string[];
  readonly from: string | readonly string[];
  readonly except?: readonly string[];
}

const ROOMS = [
  'platform',
  'schemas',
  'topics',
  'streams',
  'edge',
  'dashboard',
  'simulator',
  'local',
  'proof',
  'tools',
];
const root = path.join(import.meta.dirname, '..');

async function structure(): Promise<number> {
  const zonesFile = path.join(root, 'import-zones.mjs');
  const { zones } = (await import(zonesFile)) as { zones: readonly Zone[] };
  const { output } = await cruise(ROOMS, {
    baseDir: root,
    exclude: { path: '(^|/)(generated|dist|node_modules)/' },
    // Types are arrows too: whoever reads one file has to read the other.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: path.join(root, 'tsconfig.json') },
    validate: true,
    ruleSet: { forbidden: [...zones.flatMap(backArrows), CIRCLE] },
  });
  const result = output as ICruiseResult;
  const { violations } = result.summary;
  const circles = violations.filter(({ rule }) => rule.name === CIRCLE.name);
  const back = violations.filter(({ rule }) => rule.name !== CIRCLE.name);
  for (const { from, to } of back) console.log(`back arrow: ${from} -> ${to}`);
  for (const { cycle = [] } of circles) {
    console.log(`circle: ${cycle.map(({ name }) => name).join(' -> ')}`);
  }
  for (const [arrow, count] of arrows(result))
    console.log(`${String(count).padStart(5)}  ${arrow}`);
  const own = result.modules.filter(({ source }) => ROOMS.includes(roomOf(source)));
  console.log(`${own.length} files, ${result.summary.totalDependenciesCruised ?? 0} imports`);
  console.log(`${back.length} back arrows, ${circles.length} circles`);
  return violations.length === 0 ? 0 : 1;
}

const CIRCLE: IForbiddenRuleType = {
  name: 'circle',
  severity: 'error',
  from: {},
  to: { circular: true },
};

function backArrows({ target, from, except = [] }: Zone): IForbiddenRuleType[] {
  const [origin] = [from].flat();
  const allowed = except.map((file) => path.posix.join(origin ?? '', file));
  return [
    {
      name: `back arrow from ${[target].flat().join(', ')}`,
      severity: 'error',
      from: { path: patternOf([target].flat()) },
      to: {
        path: patternOf([from].flat()),
        ...(allowed.length === 0 ? {} : { pathNot: patternOf(allowed) }),
      },
    },
  ];
}

/** `./streams/orders` as dependency-cruiser's expression for all that is below it. */
function patternOf(paths: readonly string[]): string {
  const names = paths.map((name) => path.posix.normalize(name).replaceAll('.', '\\.'));
  return `^(${names.join('|')})(/|$)`;
}

/** Imports from room to room, most first. */
function arrows({ modules }: ICruiseResult): [string, number][] {
  const counts = new Map<string, number>();
  for (const { source, dependencies } of modules) {
    for (const { resolved } of dependencies) {
      const [from, to] = [roomOf(source), roomOf(resolved)];
      if (from === to || !ROOMS.includes(to) || !ROOMS.includes(from)) continue;
      const arrow = `${from} -> ${to}`;
      counts.set(arrow, (counts.get(arrow) ?? 0) + 1);
    }
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}

function roomOf(file: string): string {
  return file.split('/')[0] ?? file;
}

process.exitCode = await structure();
