/** A run in figures: for people as a text, for comparison as JSON. */
import { cpus, hostname, totalmem } from 'node:os';
import { COMMIT_STEPS } from './commit-step';
import type { Kill } from './killer';
import type { LoadRun } from './under-load';
import { stepsOf } from './victim';

export interface ChaosRun extends LoadRun {
  readonly brokers: number;
  readonly victims: readonly string[];
  readonly kills: readonly Kill[];
}

const VIOLATIONS_SHOWN = 40;
/** For each process; the plan meets all steps by then. */
const KILLS_FOR_ALL = 2;

/** What speaks against the run, the checkers' findings and processes that did not come back. */
export function faultsOf(run: ChaosRun): readonly string[] {
  const { kills, verdict } = run;
  const away = kills
    .filter(({ pauseMs }) => pauseMs === undefined)
    .map(({ victim, at }) => `${victim}, killed at ${inTime(at)}, was not seen at work again`);
  return [...away, ...unmet(run), ...verdict.violations];
}

/** A run with so many kills is meant to meet every process, and every step of a commit. */
function unmet({ kills, victims }: ChaosRun): readonly string[] {
  if (kills.length < KILLS_FOR_ALL * victims.length) return [];
  const killed = new Set(kills.map(({ victim }) => victim));
  const steps = new Set(kills.flatMap((kill) => kill.steps));
  return [
    ...victims.filter((victim) => !killed.has(victim)).map((victim) => `${victim} was not killed`),
    ...COMMIT_STEPS.filter((step) => !steps.has(step)).map((step) => `no kill while ${step}`),
  ];
}

export function reportOf(run: ChaosRun): string {
  const { brokers, kills, orders, retries, seed, verdict, victims } = run;
  const { figures } = verdict;
  const faults = faultsOf(run);
  return [
    '',
    `chaos, seed ${seed}: ${orders} orders, ${kills.length} kills, ${brokers} broker(s)`,
    `${new Date(run.startedAt).toISOString()} on ${machine()}`,
    `load ${inSeconds(run.loadMs)} (${((orders / run.loadMs) * 1_000).toFixed(1)} orders/s, ${retries} retries), in all ${inSeconds(run.totalMs)}`,
    '',
    ...killTable(kills, victims),
    '',
    ...stepTable(kills),
    '',
    `orders in the end       ${inWords(figures.orders)}`,
    `alerts raised           ${inWords(figures.alerts)}`,
    `committed records       ${figures.committedRecords}`,
    `aborted records         ${figures.abortedRecords}`,
    `concurrent consumer     ${figures.readAlongRecords} records, ${figures.readAlongRepeated} of them redelivered after a lost connection`,
    `clients given up        ${figures.readAlongClientsGivenUp}, of the concurrent consumer: kafkajs stalled`,
    '',
    ...faults.slice(0, VIOLATIONS_SHOWN).map((fault) => `  ${fault}`),
    ...(faults.length > VIOLATIONS_SHOWN ? [`  … ${faults.length - VIOLATIONS_SHOWN} more`] : []),
    faults.length === 0 ? 'clean' : `NOT clean: ${faults.length} faults, seed ${seed}`,
  ].join('\n');
}

/** The same for a program. */
export function figuresOf(run: ChaosRun): object {
  return { ...run, machine: machine(), date: new Date(run.startedAt).toISOString() };
}

function killTable(kills: readonly Kill[], victims: readonly string[]): readonly string[] {
  const rows = victims.map((victim) => {
    const own = kills.filter((kill) => kill.victim === victim);
    return `${victim.padEnd(12)} ${String(own.length).padStart(5)}   ${pausesOf(own)}`;
  });
  return [
    'killed       times   pause median / worst',
    ...rows,
    `${'all'.padEnd(12)} ${String(kills.length).padStart(5)}   ${pausesOf(kills)}`,
  ];
}

function pausesOf(kills: readonly Kill[]): string {
  const pauses = kills
    .flatMap(({ pauseMs }) => (pauseMs === undefined ? [] : [pauseMs]))
    .sort((a, b) => a - b);
  const median = pauses[Math.floor(pauses.length / 2)];
  const worst = pauses.at(-1);
  return median === undefined || worst === undefined
    ? '-'
    : `${inSeconds(median).padStart(7)} / ${inSeconds(worst).padStart(7)}`;
}

/** A process of several tasks may be in several steps at once. */
function stepTable(kills: readonly Kill[]): readonly string[] {
  const committing = kills.filter(({ victim }) => stepsOf(victim).length > 0);
  const apps = [...new Set(committing.map(({ victim }) => victim))].sort();
  return [
    'step of the commit that a killed process was in',
    ...COMMIT_STEPS.map((step) => {
      const own = committing.filter(({ steps }) => steps.includes(step));
      const byApp = apps
        .map((app) => [app, own.filter(({ victim }) => victim === app).length] as const)
        .filter(([, count]) => count > 0)
        .map(([app, count]) => `${app} ${count}`);
      return `${step.padEnd(24)} ${String(own.length).padStart(4)}   ${byApp.join(', ')}`;
    }),
  ];
}

export function machine(): string {
  const processors = cpus();
  const gib = (totalmem() / 2 ** 30).toFixed(0);
  return `${hostname()}, ${processors.length} × ${processors[0]?.model.trim() ?? '?'}, ${gib} GiB, Node ${process.version}`;
}

function inWords(counts: Readonly<Record<string, number>>): string {
  const words = Object.entries(counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${count}`);
  return words.length === 0 ? 'none' : words.join(', ');
}

function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function inTime(at: number): string {
  return new Date(at).toISOString();
}
