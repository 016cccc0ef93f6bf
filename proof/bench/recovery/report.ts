/** The figures of a run, and how they are told. */
import type { Machine } from '../machine';
import type { Rate, Restart, TakeOver } from './rounds';

export interface SideFigures {
  /** Records a second while the state was filled, start of the process included. */
  readonly filledPerSecond: number;
  readonly restarts: readonly Restart[];
  readonly rebuilt: Rate;
  /** The client of this project on that side's changelog. */
  readonly raw: Rate;
}

export interface RecoveryFigures {
  readonly ours: SideFigures;
  readonly peer: SideFigures;
  readonly many?: Pick<SideFigures, 'filledPerSecond' | 'restarts'>;
  readonly takeOver: { readonly ours: TakeOver; readonly peer: TakeOver };
  readonly rounds: number;
}

export function reportOf(
  machine: Machine,
  { keys, many }: { readonly keys: number; readonly many: number },
  figures: RecoveryFigures,
): readonly string[] {
  const { ours, peer, takeOver } = figures;
  const row = (what: string, mine: string, other: string, ratio = '') =>
    `${what.padEnd(44)}${mine.padStart(14)}${other.padStart(16)}${ratio.padStart(9)}`;
  const first = median(ours.restarts.map(({ firstMs }) => firstMs));
  const peerFirst = median(peer.restarts.map(({ firstMs }) => firstMs));
  const all = median(ours.restarts.map(({ allMs }) => allMs));
  const peerAll = median(peer.restarts.map(({ allMs }) => allMs));
  const reread = (restarts: readonly Restart[]) =>
    String(Math.max(...restarts.map((one) => one.reread)));
  const rate = ({ perSecond }: Rate) => `${String(perSecond)}/s`;
  return [
    '',
    `${machine.date}, ${machine.cpu} x ${String(machine.cpus)}, ${String(machine.memoryGiB)} GiB, load ${String(machine.load)} before`,
    `Node ${machine.node}, kernel ${machine.kernel}, commit ${machine.commit}`,
    `${String(keys)} keys, ${String(figures.rounds)} rounds, medians; times from the start of the process`,
    '',
    row('', 'this runtime', 'Kafka Streams', 'ratio'),
    row('(a) restarted: first record, ms', ms(first), ms(peerFirst), times(first / peerFirst)),
    row('    every partition, ms', ms(all), ms(peerAll), times(all / peerAll)),
    row('    changelog records read again', reread(ours.restarts), reread(peer.restarts)),
    ...manyRows(row, many, figures, first),
    row(
      '(b) taken over: first record, ms',
      ms(takeOver.ours.firstMs),
      ms(takeOver.peer.firstMs),
      times(takeOver.ours.firstMs / takeOver.peer.firstMs),
    ),
    row(
      '    every partition, ms',
      ms(takeOver.ours.allMs),
      ms(takeOver.peer.allMs),
      times(takeOver.ours.allMs / takeOver.peer.allMs),
    ),
    row('    from the kill on, ms', ms(takeOver.ours.sinceKillMs), ms(takeOver.peer.sinceKillMs)),
    row('(c) rebuilt: records', rate(ours.rebuilt), rate(peer.rebuilt)),
    row('    raw consumer of the same client', rate(ours.raw), '-'),
    row(
      '    rebuilt, to the raw consumer',
      times(ours.rebuilt.perSecond / ours.raw.perSecond),
      '-',
    ),
    row(
      'state filled: records',
      `${String(ours.filledPerSecond)}/s`,
      `${String(peer.filledPerSecond)}/s`,
    ),
  ];
}

function manyRows(
  row: (what: string, mine: string, other: string, ratio?: string) => string,
  count: number,
  { many }: RecoveryFigures,
  usualFirst: number,
): readonly string[] {
  if (many === undefined) return [];
  const first = median(many.restarts.map(({ firstMs }) => firstMs));
  const ratio = times(first / usualFirst);
  return [
    row(`    with ${String(count)} keys: first record, ms`, ms(first), '-'),
    row('    to the usual state', ratio, ''),
    row('    its state filled: records', `${String(many.filledPerSecond)}/s`, '-'),
  ];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function ms(value: number): string {
  return String(Math.round(value));
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)}x`;
}
