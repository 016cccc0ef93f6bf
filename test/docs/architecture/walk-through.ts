/**
 * A walk-through of docs/architecture/ as steps. A fenced block is a step when the line before it
 * says so, and every block must be one, so that nothing is shown that is not tried:
 *
 *   Create `path`:   a whole file, which must not be there yet
 *   In `path`:       a diff; its old lines must stand in the file exactly once
 *   Run:             commands, one a line, each of which must end with 0
 */
export type Step =
  | { readonly kind: 'create'; readonly file: string; readonly text: string }
  | { readonly kind: 'change'; readonly file: string; readonly from: string; readonly to: string }
  | { readonly kind: 'run'; readonly commands: readonly string[] };

export interface WalkThrough {
  readonly steps: readonly Step[];
  /** First column of the table below "Files touched". */
  readonly filesNamed: readonly string[];
}

/** Throws on a block that no line introduces, and on one that is not closed. */
export function walkThroughOf(markdown: string): WalkThrough {
  const lines = markdown.split('\n');
  const steps: Step[] = [];
  let introduction = '';
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (!line.startsWith('```')) {
      if (line.trim() !== '') introduction = line;
      continue;
    }
    const end = lines.indexOf('```', index + 1);
    if (end < 0) throw new Error(`a block after "${introduction}" is not closed`);
    steps.push(stepOf(introduction, lines.slice(index + 1, end)));
    introduction = '';
    index = end;
  }
  return { steps, filesNamed: filesNamedIn(markdown) };
}

function stepOf(introduction: string, block: readonly string[]): Step {
  if (introduction === 'Run:') return { kind: 'run', commands: block };
  const [, verb, file] = /^(Create|In) `([^`]+)`:$/.exec(introduction) ?? [];
  if (file === undefined) throw new Error(`"${introduction}" does not say what to do`);
  if (verb === 'Create') return { kind: 'create', file, text: `${block.join('\n')}\n` };
  return { kind: 'change', file, from: side(block, '-'), to: side(block, '+') };
}

/** A diff as its file is before (`-`) or after (`+`) it. */
function side(diff: readonly string[], own: '-' | '+'): string {
  return diff
    .filter((line) => [own, ' ', ''].includes(line.slice(0, 1)))
    .map((line) => `${line.slice(1)}\n`)
    .join('');
}

/** What the steps create or change, tests apart, each once. */
export function filesTouched({ steps }: WalkThrough): readonly string[] {
  const files = steps.flatMap((step) => (step.kind === 'run' ? [] : [step.file]));
  return [...new Set(files)].filter((file) => !file.startsWith('test/'));
}

function filesNamedIn(markdown: string): readonly string[] {
  const [, table = ''] = markdown.split('## Files touched\n');
  return [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, file = '']) => file);
}
