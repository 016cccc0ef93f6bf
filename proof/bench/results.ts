/** Results as people and programs read them: a Markdown table, and JSON with every round. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Answer, Metric, SideRounds } from './figures';
import type { Machine } from './machine';
import { spreadOf } from './statistics';

export interface Run {
  readonly machine: Machine;
  /** The command line, so that it can be run again. */
  readonly arguments: readonly string[];
  readonly answer: Answer;
}

/** Writes `<folder>/<question>.json` and `.md`; resolves to the Markdown. */
export function writeResults(folder: string, run: Run): string {
  mkdirSync(folder, { recursive: true });
  const text = markdownOf(run);
  const file = path.join(folder, run.answer.question);
  writeFileSync(`${file}.json`, `${JSON.stringify(run, null, 2)}\n`);
  writeFileSync(`${file}.md`, text);
  return text;
}

export function markdownOf({ machine, arguments: args, answer }: Run): string {
  const { title, notes, sides, question } = answer;
  const rounds = Math.max(...sides.map((side) => side.rounds.length));
  const command = ['npm run', `bench:${question}`, ...(args.length > 0 ? ['--', ...args] : [])];
  return [
    `## ${title}`,
    '',
    `${machine.date}, commit ${machine.commit}; \`${command.join(' ')}\``,
    `${machine.cpu} x ${String(machine.cpus)}, ${String(machine.memoryGiB)} GiB, kernel ${machine.kernel}, load ${String(machine.load)} before; Node ${machine.node}, ${Object.entries(
      machine.versions,
    )
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
    '',
    ...notes.map((note) => `- ${note}`),
    `- ${String(rounds)} rounds, the sides in turns: median (least to most).`,
    '',
    ...tableOf(answer),
    '',
  ].join('\n');
}

function tableOf({ metrics, sides }: Answer): readonly string[] {
  const [first] = sides;
  const header = ['', ...sides.map(({ side }) => side)];
  return [
    row(header),
    row(header.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...metrics.map((metric) =>
      row([metric.name, ...sides.map((side) => cell(metric, side, first))]),
    ),
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** With how many times better the first side is. */
function cell(metric: Metric, side: SideRounds, first: SideRounds | undefined): string {
  const spread = spreadOfMetric(metric, side);
  if (spread === undefined) return '–';
  const text = (value: number) =>
    value.toLocaleString('en-US', { maximumFractionDigits: metric.decimals });
  const range = side.rounds.length > 1 ? ` (${text(spread.min)} to ${text(spread.max)})` : '';
  const base = first === undefined || first === side ? undefined : spreadOfMetric(metric, first);
  if (base === undefined || spread.median === 0 || base.median === 0) {
    return `${text(spread.median)}${range}`;
  }
  const times =
    metric.better === 'more' ? base.median / spread.median : spread.median / base.median;
  return `${text(spread.median)}${range}; ours ${times.toFixed(2)}x`;
}

function spreadOfMetric({ name }: Metric, { rounds }: SideRounds) {
  const values = rounds.map((round) => round[name]).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : spreadOf(values);
}
