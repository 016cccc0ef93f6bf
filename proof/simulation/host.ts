/**
 * One process as its machine sees it: running, frozen or dead. Owns its clock, its way to the
 * cluster and its way to any other service. Whatever it awaits comes through here, so that a kill
 * can fall between any two of its steps: from then on nothing that it waits for comes.
 *
 *   running <──> frozen          any ──> dead
 *
 * What always holds: a request that is in flight takes effect whatever becomes of its sender.
 */
import type { Clock } from '../../platform/clock';
import { NoAnswer, type Link } from '../../streams/runtime/memory/link';
import type { FaultPlan } from './fault-plan';
import type { Random } from './random';
import type { Scheduler } from './scheduler';
import type { Trace } from './trace';

export interface HostOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Undefined once faults have ended. */
  readonly faults: () => FaultPlan | undefined;
  readonly skewMs: number;
  readonly trace: Trace;
  /** Told once, when it is killed. */
  readonly onDeath: (host: Host) => void;
}

type State = 'running' | 'frozen' | 'dead';

/** One way takes up to this between machines of one network. */
const HOP_MAX_MS = 4;
/** Up to how long a late request is in flight: longer than a session. */
const LATE_MAX_MS = 9_000;
/** How long a process waits for an answer that does not come. */
const NO_ANSWER_MS = 1_000;

/** Asked again inside the client until there is an answer, so a loss is only a delay. */
const REPEATED_INSIDE: ReadonlySet<string> = new Set(['fetch']);

export class Host {
  private state: State = 'running';
  private held: (() => void)[] = [];
  readonly clock: Clock;
  readonly link: Link;

  constructor(private readonly options: HostOptions) {
    this.clock = {
      now: () => options.scheduler.now + options.skewMs,
      sleep: (ms, signal) => this.sleep(ms, signal),
    };
    this.link = {
      ask: (request, serve) => this.ask(request, serve),
      tell: (heard) => this.deliver(heard),
    };
  }

  get name(): string {
    return this.options.name;
  }

  get isRunning(): boolean {
    return this.state === 'running';
  }

  get isDead(): boolean {
    return this.state === 'dead';
  }

  kill(why: string): void {
    if (this.state === 'dead') return;
    this.options.trace(this.name, () => `killed: ${why}`);
    this.exit();
    this.options.onDeath(this);
  }

  /** It ended by itself. */
  exit(): void {
    this.state = 'dead';
    this.held = [];
  }

  freeze(): void {
    if (this.state !== 'running') return;
    this.options.trace(this.name, () => 'frozen');
    this.state = 'frozen';
  }

  /** What came meanwhile comes now, in its order. */
  wake(): void {
    if (this.state !== 'frozen') return;
    this.options.trace(this.name, () => 'wakes');
    this.state = 'running';
    for (const run of this.held.splice(0)) this.options.scheduler.after(0, () => this.deliver(run));
  }

  /** Brings something to the process: now, when it wakes, or never. */
  deliver(run: () => void): void {
    switch (this.state) {
      case 'running':
        run();
        return;
      case 'frozen':
        this.held.push(run);
        return;
      case 'dead':
        return;
    }
  }

  deliverAfter(delayMs: number, run: () => void): () => void {
    return this.options.scheduler.after(delayMs, () => this.deliver(run));
  }

  /** Asks another service. `late`: the chance that it is in flight for long; absent: as planned. */
  ask<T>(request: string, serve: () => T, late?: number): Promise<T> {
    const { random, scheduler, trace } = this.options;
    const faults = this.options.faults();
    const losable = faults !== undefined && !REPEATED_INSIDE.has(request);
    return new Promise((resolve, reject) => {
      if (this.isDead) return;
      if (this.killedAt(`before ${request}`, faults?.killPerRequest)) return;
      const giveUp = (what: string) => {
        trace(this.name, () => `${request}: ${what} lost`);
        this.deliverAfter(NO_ANSWER_MS, () => reject(new NoAnswer(request)));
      };
      if (losable && random.chance(faults.requestLoss)) {
        giveUp('request');
        return;
      }
      const isLate = random.chance(late ?? faults?.lateRequest ?? 0);
      if (isLate) trace(this.name, () => `${request} is late`);
      scheduler.after(random.between(0, isLate ? LATE_MAX_MS : HOP_MAX_MS), () => {
        const answer = outcomeOf(serve);
        if (this.killedAt(`after ${request}`, this.options.faults()?.killPerRequest)) return;
        if (losable && random.chance(faults.answerLoss)) giveUp('answer');
        else {
          this.deliverAfter(random.between(0, HOP_MAX_MS), () => {
            if (answer.kind === 'value') resolve(answer.value);
            else reject(answer.error);
          });
        }
      });
    });
  }

  /** A write to its own disk: atomic, and perhaps the last thing it did. */
  write(what: string, run: () => void): Promise<void> {
    return new Promise((resolve) => {
      if (this.isDead || this.killedAt(`before ${what}`, this.options.faults()?.killPerWrite)) {
        return;
      }
      this.deliverAfter(0, () => {
        run();
        if (!this.killedAt(`after ${what}`, this.options.faults()?.killPerWrite)) resolve();
      });
    });
  }

  private killedAt(where: string, chance = 0): boolean {
    if (chance === 0 || !this.options.random.chance(chance)) return this.isDead;
    this.kill(where);
    return true;
  }

  private sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const end = () => {
        cancel();
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.deliverAfter(ms, end);
      signal?.addEventListener('abort', end);
    });
  }
}

type Outcome<T> =
  { readonly kind: 'value'; readonly value: T } | { readonly kind: 'error'; readonly error: Error };

function outcomeOf<T>(serve: () => T): Outcome<T> {
  try {
    return { kind: 'value', value: serve() };
  } catch (error) {
    return { kind: 'error', error: error instanceof Error ? error : new Error(String(error)) };
  }
}
