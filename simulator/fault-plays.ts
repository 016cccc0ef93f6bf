import { complete, drawMix, type Fault, type FaultMix } from './fault-mix';
import { playOrder, type OrderInPlay } from './fault-play';
import type { HandControl } from './hand-control';
import type { PaymentStatus } from './payment';

/** Orders whose play is remembered; a load makes as many, and the oldest are long over. */
const PLAYS_MAX = 10_000;
/** A lost answer is asked again within minutes, or the order has given up. */
const LOST_CODE_MS = 600_000;

/** Where mixes come from for orders that were given none of their own. */
export type MixSource =
  | { readonly kind: 'off' }
  | { readonly kind: 'drawn'; readonly seed: number; readonly among: readonly Fault[] };

export type PlayPhase =
  | { readonly kind: 'assigned' }
  | { readonly kind: 'playing' }
  | { readonly kind: 'over' }
  /** A step was not possible, such as when somebody acted on the payment by hand. */
  | { readonly kind: 'broken'; readonly message: string };

interface Play {
  readonly faults: FaultMix;
  phase: PlayPhase;
  readonly reads: Map<number, { readonly status: PaymentStatus; readonly count: number }>;
  readonly waits: Set<() => void>;
}

export interface PlayView {
  readonly faults: FaultMix;
  readonly phase: PlayPhase;
}

/** Source of truth for which order has which faults. Forgotten on restart, as all faults are. */
export class FaultPlays {
  private readonly plays = new Map<string, Play>();
  private isClosed = false;
  private current: MixSource = { kind: 'off' };

  constructor(private readonly paypay: HandControl) {}

  get source(): MixSource {
    return this.current;
  }

  draw(source: MixSource): void {
    this.current = source;
  }

  /** Before the order's first code. */
  assign(orderId: string, faults: readonly Fault[]): PlayView {
    const play = this.add(orderId, complete(faults));
    return { faults: play.faults, phase: play.phase };
  }

  ofOrder(orderId: string): PlayView | undefined {
    const play = this.plays.get(orderId);
    return play === undefined ? undefined : { faults: play.faults, phase: play.phase };
  }

  of(merchantPaymentId: string): PlayView | undefined {
    const parts = partsOf(merchantPaymentId);
    return parts === undefined ? undefined : this.ofOrder(parts.orderId);
  }

  /** A code is about to be asked for; its order's play begins with the first. */
  codeRequested(merchantPaymentId: string): void {
    const parts = partsOf(merchantPaymentId);
    if (parts === undefined) return;
    const { orderId } = parts;
    const play = this.plays.get(orderId) ?? this.drawFor(orderId);
    if (play?.phase.kind !== 'assigned') return;
    play.phase = { kind: 'playing' };
    if (play.faults.includes('code-outcome-lost')) {
      this.paypay.controls.breakApiOf(`${orderId}-1`, {
        mode: 'disconnect',
        effect: 'applied',
        delayMs: 0,
        operations: ['create-code'],
        until: this.paypay.now + LOST_CODE_MS,
      });
    }
    void this.perform(orderId, play);
  }

  codeCreated(merchantPaymentId: string): void {
    this.wake(merchantPaymentId);
  }

  /** Ends every play where it stands. */
  close(): void {
    this.isClosed = true;
    for (const { waits } of this.plays.values()) for (const look of waits) look();
  }

  /** The shop was told the status. */
  statusRead(merchantPaymentId: string, status: PaymentStatus): void {
    const parts = partsOf(merchantPaymentId);
    const play = parts === undefined ? undefined : this.plays.get(parts.orderId);
    if (parts === undefined || play === undefined) return;
    const count = (play.reads.get(parts.attempt)?.count ?? 0) + 1;
    play.reads.set(parts.attempt, { status, count });
    this.wake(merchantPaymentId);
  }

  private async perform(orderId: string, play: Play): Promise<void> {
    const order: OrderInPlay = {
      orderId,
      faults: play.faults,
      until: (condition) => this.until(play, condition),
      lastRead: (attempt) => play.reads.get(attempt)?.status,
      reads: (attempt) => play.reads.get(attempt)?.count ?? 0,
    };
    try {
      await playOrder(this.paypay, order);
      play.phase = { kind: 'over' };
    } catch (error) {
      play.phase = { kind: 'broken', message: error instanceof Error ? error.message : '' };
    }
    this.paypay.changes.announce();
  }

  private until(play: Play, condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.isClosed) reject(new Error('the simulator stopped'));
        else if (condition()) resolve();
        else return;
        play.waits.delete(look);
      };
      play.waits.add(look);
      look();
    });
  }

  private wake(merchantPaymentId: string): void {
    const parts = partsOf(merchantPaymentId);
    const play = parts === undefined ? undefined : this.plays.get(parts.orderId);
    for (const look of play?.waits ?? []) look();
  }

  private drawFor(orderId: string): Play | undefined {
    const source = this.current;
    if (source.kind === 'off') return undefined;
    return this.add(orderId, drawMix(source.seed, orderId, source.among));
  }

  private add(orderId: string, faults: FaultMix): Play {
    const play: Play = { faults, phase: { kind: 'assigned' }, reads: new Map(), waits: new Set() };
    this.plays.set(orderId, play);
    const [oldest] = this.plays.keys();
    if (this.plays.size > PLAYS_MAX && oldest !== undefined) this.plays.delete(oldest);
    return play;
  }
}

/** A merchantPaymentId is the order's id and the number of the attempt. */
function partsOf(id: string): { readonly orderId: string; readonly attempt: number } | undefined {
  const match = /^(.+)-(\d{1,4})$/.exec(id);
  return match === null ? undefined : { orderId: match[1] ?? '', attempt: Number(match[2]) };
}
