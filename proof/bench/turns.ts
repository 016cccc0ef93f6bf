/** A B A B: the sides take turns, so that what the machine does meanwhile is shared by all. */
import type { SideRounds } from './figures';
import type { Bench } from './question';

export async function inTurns<S extends { readonly name: string }>(
  { flags, say }: Pick<Bench, 'flags' | 'say'>,
  sides: readonly S[],
  round: (side: S) => Promise<Readonly<Record<string, number>>>,
): Promise<readonly SideRounds[]> {
  const { warmUps, rounds } = flags;
  const counted = new Map<string, Readonly<Record<string, number>>[]>();
  for (const { name } of sides) counted.set(name, []);
  for (let turn = 1 - warmUps; turn <= rounds; turn += 1) {
    for (const side of sides) {
      const figures = await round(side);
      const what = turn > 0 ? `round ${String(turn)}` : 'warm-up';
      say(`${what}, ${side.name}: ${toldOf(figures)}`);
      if (turn > 0) counted.get(side.name)?.push(figures);
    }
  }
  return [...counted].map(([side, all]) => ({ side, rounds: all }));
}

function toldOf(figures: Readonly<Record<string, number>>): string {
  return Object.entries(figures)
    .map(
      ([name, value]) => `${name} ${value >= 100 ? String(Math.round(value)) : value.toFixed(2)}`,
    )
    .join('; ');
}
