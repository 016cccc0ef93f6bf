/** Many orders with mixes of faults against the running product, and a table of their ends. */
import { drawMix, FAULTS, complete, type FaultMix } from '../../../simulator/fault-mix';
import { seed as seedShop } from '../seed';
import type { World } from '../world';
import { expectedEnd, inWords, isSame } from './expectation';
import { playMix, type MixedOrder } from './mixed-order';

export interface MatrixRow {
  readonly faults: FaultMix;
  readonly expected: string;
  readonly seen: string;
  readonly held: boolean;
}

export interface MatrixOptions {
  readonly seed: number;
  readonly mixes: number;
  readonly say: (line: string) => void;
}

/** Orders that are played at once: many meet each other, and a small machine keeps up. */
const AT_ONCE = 25;

export async function playMatrix(world: World, options: MatrixOptions): Promise<MatrixRow[]> {
  const { say } = options;
  await seedShop(world);
  const mixes = mixesOf(options);
  const orders: MixedOrder[] = [];
  let next = 0;
  const player = async () => {
    while (next < mixes.length) {
      const index = next;
      next += 1;
      const order = await playMix(world, `mix-${String(index)}`, mixes[index] ?? []);
      orders[index] = order;
      say(await progress(index, mixes.length, order));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, player));
  await graces(world);
  // Looked at once more: what was as expected may have changed since.
  return Promise.all(orders.map(rowOf));
}

/** Each fault alone and none at all come first, so that any run has them all. */
export function mixesOf({ seed, mixes }: Pick<MatrixOptions, 'seed' | 'mixes'>): FaultMix[] {
  const single: FaultMix[] = [[], ...FAULTS.map((fault) => complete([fault]))];
  const drawn = Array.from({ length: mixes }, (_, index) => drawMix(seed, String(index)));
  return [...single, ...drawn].slice(0, mixes);
}

export function tableOf(rows: readonly MatrixRow[]): string {
  const lines = rows.map(({ faults, expected, seen, held }, index) => {
    const place = String(index).padStart(4);
    return `${place}  ${held ? 'ok    ' : 'FAILED'}  ${nameOf(faults).padEnd(68)}  ${expected.padEnd(44)}  ${seen}`;
  });
  const faults = FAULTS.map((fault) => {
    const having = rows.filter((row) => row.faults.includes(fault));
    const held = having.filter((row) => row.held).length;
    return `${fault.padEnd(24)} ${String(held).padStart(4)} of ${String(having.length).padStart(4)} as expected`;
  });
  const held = rows.filter((row) => row.held).length;
  const sum = `${String(held)} of ${String(rows.length)} mixes as expected`;
  return ['', ...lines, '', ...faults, '', sum].join('\n');
}

async function rowOf(order: MixedOrder): Promise<MatrixRow> {
  const { faults } = order;
  const expected = expectedEnd(faults);
  const seen = await order.seen();
  return {
    faults,
    expected: inWords(expected),
    seen: typeof seen === 'string' ? seen : inWords(seen),
    held: typeof seen !== 'string' && isSame(seen, expected),
  };
}

async function progress(index: number, count: number, order: MixedOrder): Promise<string> {
  const { held, seen } = await rowOf(order);
  const place = `${String(index + 1).padStart(4)}/${String(count)}`;
  return `${place} ${held ? 'ok    ' : 'FAILED'} ${nameOf(order.faults)}: ${seen}`;
}

/** An alert that is only due would be raised by then. */
async function graces(world: World): Promise<void> {
  const { ruleAGraceMs, ruleBGraceMs } = world.stack;
  const until = Date.now() + Math.max(ruleAGraceMs, ruleBGraceMs) + 2_000;
  await world.eventually('the graces are over', () => (Date.now() > until ? true : undefined));
}

function nameOf(faults: FaultMix): string {
  return faults.length === 0 ? 'none' : faults.join(' + ');
}
