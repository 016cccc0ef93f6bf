/**
 * The shop's own pictures: what a product is like, drawn from a few shapes on a canvas of 160 by 120,
 * and in which colours. A product is known by the words of its sku. Pure.
 */
export interface Shape {
  readonly d: string;
  /** Which of the picture's colours. */
  readonly fill: 'main' | 'second' | 'third' | 'light' | 'dark';
}

export type MotifName =
  | 'pouch'
  | 'bowl'
  | 'whisk'
  | 'scoop'
  | 'teapot'
  | 'kettle'
  | 'caddy'
  | 'sweets'
  | 'cracker'
  | 'dorayaki'
  | 'bar'
  | 'box'
  | 'house'
  | 'cup';

interface Colours {
  readonly main: string;
  readonly second: string;
  readonly third: string;
}

export interface Picture extends Colours {
  readonly motif: MotifName;
}

const GREEN: Colours = { main: '#4f8a4c', second: '#2f5f38', third: '#a9c96b' };
const DEEP_GREEN: Colours = { main: '#2f6b57', second: '#1d4639', third: '#8fbf9a' };
const BROWN: Colours = { main: '#9a6234', second: '#63391a', third: '#d9a36a' };
const RED: Colours = { main: '#b4493a', second: '#7c2c22', third: '#f0b49a' };
const GOLD: Colours = { main: '#d3a13a', second: '#8d6414', third: '#f3dc9a' };
const CLAY: Colours = { main: '#8a5a52', second: '#57352f', third: '#c79a86' };
const IRON: Colours = { main: '#4a5360', second: '#2b323c', third: '#8793a5' };
const PINK: Colours = { main: '#e39ab0', second: '#a94f6d', third: '#f7d7df' };
const BLUE: Colours = { main: '#4a6fa5', second: '#2c4870', third: '#b9cdea' };

/** The first whose words are in the sku. */
const BY_WORD: readonly (readonly [words: RegExp, picture: Picture])[] = [
  [/tea-room/, { motif: 'house', ...BROWN }],
  [/set|gift/, { motif: 'box', ...RED }],
  [/latte|coffee/, { motif: 'cup', ...BROWN }],
  [/matcha/, { motif: 'caddy', ...GREEN }],
  [/chasen/, { motif: 'whisk', ...GOLD }],
  [/chashaku/, { motif: 'scoop', ...GOLD }],
  [/bowl/, { motif: 'bowl', ...CLAY }],
  [/tetsubin/, { motif: 'kettle', ...IRON }],
  [/kyusu|dobin/, { motif: 'teapot', ...CLAY }],
  [/chazutsu/, { motif: 'caddy', ...BLUE }],
  [/natsume/, { motif: 'caddy', ...RED }],
  [/wagashi/, { motif: 'sweets', ...PINK }],
  [/yokan|kinako/, { motif: 'bar', ...BROWN }],
  [/senbei/, { motif: 'cracker', ...GOLD }],
  [/dorayaki/, { motif: 'dorayaki', ...GOLD }],
  [/hojicha|mugicha|sobacha/, { motif: 'pouch', ...BROWN }],
  [/oolong|wakocha|earl/, { motif: 'pouch', ...RED }],
  [/genmaicha|kukicha/, { motif: 'pouch', ...GOLD }],
  [/gyokuro/, { motif: 'pouch', ...DEEP_GREEN }],
];

const ANY: Picture = { motif: 'pouch', ...GREEN };

export function pictureOf(sku: string): Picture {
  return BY_WORD.find(([words]) => words.test(sku))?.[1] ?? ANY;
}

const POT: readonly Shape[] = [
  { fill: 'main', d: 'M116 64c12-4 14-14 22-18l5 8c-8 8-9 24-25 30Z' },
  { fill: 'main', d: 'M80 44c28 0 42 14 42 32s-18 30-42 30-42-12-42-30 14-32 42-32Z' },
  { fill: 'second', d: 'M58 46c2-9 11-14 22-14s20 5 22 14c-14 5-30 5-44 0Z' },
  { fill: 'second', d: disc(80, 27, 6) },
];

export const MOTIFS: Readonly<Record<MotifName, readonly Shape[]>> = {
  pouch: [
    { fill: 'main', d: 'M52 22h56l7 74c0 6-5 10-11 10H56c-6 0-11-4-11-10Z' },
    { fill: 'second', d: 'M49 18h62v14H49Z' },
    { fill: 'light', d: 'M60 50h40v40H60Z' },
    { fill: 'third', d: 'M66 82c2-17 12-24 27-24 0 17-10 26-27 24Z' },
    { fill: 'second', d: 'M65 84c7-9 13-14 21-19-8 7-13 12-18 20Z' },
  ],
  bowl: [
    { fill: 'main', d: 'M34 52h92c0 30-19 48-46 48S34 82 34 52Z' },
    { fill: 'second', d: 'M64 97h32l4 10H60Z' },
    { fill: 'second', d: 'M34 52c0-8 21-13 46-13s46 5 46 13-21 13-46 13-46-5-46-13Z' },
    { fill: 'third', d: 'M44 53c0-5 16-8 36-8s36 3 36 8-16 8-36 8-36-3-36-8Z' },
  ],
  whisk: [
    { fill: 'main', d: 'M68 12h24v42H68Z' },
    { fill: 'third', d: 'M66 54h28l20 46c-10 10-58 10-68 0Z' },
    { fill: 'main', d: 'M72 60h3l-11 44h-4ZM79 60h3v46h-4ZM86 60h3l12 44h-4Z' },
    { fill: 'dark', d: 'M65 50h30v7H65Z' },
  ],
  scoop: [
    { fill: 'main', d: 'M36 92 106 28c9-8 21-4 19 5s-12 12-18 9L46 102c-6 5-16-4-10-10Z' },
    { fill: 'second', d: 'M72 58l8-7 7 8-8 7Z' },
    { fill: 'third', d: disc(118, 88, 14) },
  ],
  teapot: [
    ...POT,
    { fill: 'second', d: 'M44 62 14 54c-4-1-6 8-2 10l29 12Z' },
    { fill: 'third', d: 'M54 74c6-12 44-12 52 0-8 8-44 8-52 0Z' },
  ],
  kettle: [
    { fill: 'second', d: 'M46 48c0-42 68-42 68 0h-8c0-30-52-30-52 0Z' },
    ...POT,
    {
      fill: 'third',
      d: `${disc(62, 78, 3)}${disc(74, 82, 3)}${disc(86, 82, 3)}${disc(98, 78, 3)}`,
    },
  ],
  caddy: [
    { fill: 'main', d: 'M50 40h60v60c0 6-14 9-30 9s-30-3-30-9Z' },
    { fill: 'second', d: 'M50 28c0-6 14-10 30-10s30 4 30 10v18H50Z' },
    { fill: 'third', d: 'M50 46h60v4H50Z' },
    { fill: 'light', d: 'M66 60h28v34H66Z' },
    { fill: 'main', d: 'M71 88c1-13 9-19 19-19 0 13-8 20-19 19Z' },
  ],
  sweets: [
    { fill: 'dark', d: 'M22 94h116l-10 12H32Z' },
    { fill: 'main', d: disc(50, 76, 19) },
    { fill: 'third', d: disc(80, 74, 21) },
    { fill: 'second', d: disc(111, 76, 19) },
    { fill: 'light', d: `${disc(80, 74, 7)}${disc(50, 70, 5)}${disc(111, 70, 5)}` },
  ],
  cracker: [
    { fill: 'second', d: disc(96, 68, 34) },
    { fill: 'main', d: disc(68, 60, 36) },
    { fill: 'dark', d: 'M52 36h30v50H52Z' },
    { fill: 'third', d: `${disc(42, 50, 3)}${disc(92, 46, 3)}${disc(90, 78, 3)}` },
  ],
  dorayaki: [
    { fill: 'second', d: 'M30 84c0-16 22-24 50-24s50 8 50 24-100 16-100 0Z' },
    { fill: 'dark', d: 'M32 78h96v8H32Z' },
    { fill: 'main', d: 'M30 78c0-24 22-36 50-36s50 12 50 36c-30 7-70 7-100 0Z' },
    { fill: 'third', d: 'M50 60c8-9 22-12 34-11-14 2-26 6-34 11Z' },
  ],
  bar: [
    { fill: 'second', d: 'M26 76 98 44l36 14-72 34Z' },
    { fill: 'main', d: 'M26 60 98 28l36 14-72 34Z' },
    { fill: 'dark', d: 'M26 60v16l36 16V76Z' },
    { fill: 'third', d: 'M62 76v16l72-34V42Z' },
  ],
  box: [
    { fill: 'main', d: 'M36 50h88v54H36Z' },
    { fill: 'second', d: 'M30 38h100v16H30Z' },
    { fill: 'third', d: 'M73 38h14v66H73Z' },
    { fill: 'third', d: 'M80 38c-14-28-42-16-24 0Zm0 0c14-28 42-16 24 0Z' },
  ],
  house: [
    { fill: 'third', d: 'M32 60h96v46H32Z' },
    { fill: 'light', d: 'M60 70h40v36H60Z' },
    { fill: 'second', d: 'M78 70h4v36h-4ZM60 86h40v3H60ZM28 104h104v5H28Z' },
    { fill: 'main', d: 'M16 60c26-6 46-20 64-42 18 22 38 36 64 42l-4 6H20Z' },
  ],
  cup: [
    { fill: 'second', d: 'M104 54h14c18 0 18 30-2 34l-14 2v-9l12-2c9-2 9-16 0-16h-10Z' },
    { fill: 'main', d: 'M42 46h66v38c0 14-13 22-33 22s-33-8-33-22Z' },
    { fill: 'third', d: 'M42 47c0-5 15-8 33-8s33 3 33 8-15 8-33 8-33-3-33-8Z' },
    {
      fill: 'third',
      d: 'M62 32c-6-6 6-8 0-16 10 6-2 10 4 16ZM82 32c-6-6 6-8 0-16 10 6-2 10 4 16Z',
    },
  ],
};

function disc(x: number, y: number, radius: number): string {
  const across = String(2 * radius);
  return `M${String(x - radius)} ${String(y)}a${String(radius)} ${String(radius)} 0 1 0 ${across} 0a${String(radius)} ${String(radius)} 0 1 0 -${across} 0Z`;
}
