/**
 * Owns what a developer sees while the stack starts: in a terminal one line per service, redrawn
 * in place; elsewhere one line per change.
 */

export type Phase = 'waiting' | 'installing' | 'starting' | 'ready' | 'stopped' | 'failed';

export interface Progress {
  readonly show: (name: string, phase: Phase, detail: string) => void;
  /** A line that stays. */
  readonly say: (line: string) => void;
  /** Leaves the screen to others: nothing is redrawn from here on. */
  readonly close: () => void;
}

export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Standard error: `--exec` leaves standard output to the command it runs. */
export function progressOn(output: ProgressOutput = process.stderr): Progress {
  return output.isTTY === true ? new TerminalProgress(output) : new PlainProgress(output);
}

class PlainProgress implements Progress {
  private readonly lastPhase = new Map<string, Phase>();

  constructor(private readonly output: ProgressOutput) {}

  /** Details within a phase are left out: a log with a line per downloaded file helps nobody. */
  show(name: string, phase: Phase, detail: string): void {
    if (this.lastPhase.get(name) === phase) return;
    this.lastPhase.set(name, phase);
    this.output.write(`${line(name, phase, detail)}\n`);
  }

  say(text: string): void {
    this.output.write(`${text}\n`);
  }

  close(): void {
    this.lastPhase.clear();
  }
}

const marks: Readonly<Record<Phase, string>> = {
  waiting: '·',
  installing: '↓',
  starting: '…',
  ready: '✓',
  stopped: '·',
  failed: '✗',
};
const COLUMNS_WITHOUT_TERMINAL = 80;

class TerminalProgress implements Progress {
  private readonly lines = new Map<string, string>();
  private drawn = 0;

  constructor(private readonly output: ProgressOutput) {}

  show(name: string, phase: Phase, detail: string): void {
    this.lines.set(name, `${marks[phase]} ${line(name, phase, detail)}`);
    this.redraw();
  }

  /** Above the table, which moves down; a finished table stays as it is. */
  say(text: string): void {
    this.erase();
    this.output.write(`${text}\n`);
    this.redraw();
  }

  close(): void {
    this.lines.clear();
    this.drawn = 0;
  }

  private redraw(): void {
    this.erase();
    // A line that wraps would make the count of lines to erase wrong.
    // A pseudo-terminal that nobody sized says 0.
    const { columns = 0 } = this.output;
    const width = (columns === 0 ? COLUMNS_WITHOUT_TERMINAL : columns) - 1;
    for (const text of this.lines.values()) this.output.write(`${text.slice(0, width)}\n`);
    this.drawn = this.lines.size;
  }

  private erase(): void {
    if (this.drawn > 0) this.output.write(`\u001b[${this.drawn}A\u001b[0J`);
    this.drawn = 0;
  }
}

function line(name: string, phase: Phase, detail: string): string {
  return `${name.padEnd(9)} ${phase.padEnd(10)} ${detail}`.trimEnd();
}
