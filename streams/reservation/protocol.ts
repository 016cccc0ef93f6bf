/**
 * The protocol by which a participant keeps part of a quantity for an order: pieces of a sku, yen of
 * a spending limit. Owns what each request does to a reservation; the quantity brings its words, its
 * events and its arithmetic (`Terms`).
 *
 * What always holds: each request moves a reservation at most once; a repeat changes nothing and is
 * not answered again; what moves is what was reserved, not what the request says.
 *
 *            RESERVE            CONFIRM             RETURN
 *   (none) -----------> RESERVED --------> CONFIRMED ----------> RETURNED
 *     | \                   |
 *     |  \ the quantity     | RELEASE
 *     |   \ refuses         v
 *     |    \            RELEASED
 *     |     +--------------------------> REJECTED
 *     | RELEASE                             ^
 *     +-----------> WITHDRAWN --------------+
 *                               RESERVE
 *
 * A release follows its reservation on one partition, so WITHDRAWN takes a record that was lost and
 * sent again by hand; the reservation that comes after it must not keep anything for ever.
 */
import type { Cause } from '../../schemas/header';

export type Stage = 'RESERVED' | 'CONFIRMED' | 'RETURNED' | 'RELEASED' | 'REJECTED' | 'WITHDRAWN';

/** What a request asks for. */
export type Demand = 'RESERVE' | 'CONFIRM' | 'RELEASE' | 'RETURN';
export type LaterDemand = Exclude<Demand, 'RESERVE'>;

interface Step {
  readonly from: Stage;
  readonly to: Stage;
  /** Where the request finds its work done, or nothing to do. */
  readonly repeats: readonly Stage[];
}

const STEPS: Readonly<Record<LaterDemand, Step>> = {
  CONFIRM: { from: 'RESERVED', to: 'CONFIRMED', repeats: ['CONFIRMED', 'RETURNED'] },
  RELEASE: { from: 'RESERVED', to: 'RELEASED', repeats: ['RELEASED', 'REJECTED', 'WITHDRAWN'] },
  RETURN: { from: 'CONFIRMED', to: 'RETURNED', repeats: ['RETURNED'] },
};

/** The types of one quantity. */
export interface Quantity {
  readonly request: { readonly type: string };
  /** What is known before a request is looked at: the whole, the order's part, and what else counts. */
  readonly ledger: {
    readonly balance: object;
    readonly reservation: { readonly status: string } | undefined;
  };
  readonly answer: object;
  /** Why a reservation is rejected. */
  readonly reason: string;
}

type Balance<Q extends Quantity> = Q['ledger']['balance'];
type Reservation<Q extends Quantity> = NonNullable<Q['ledger']['reservation']>;
type Status<Q extends Quantity> = Reservation<Q>['status'];

export type Grant<Q extends Quantity> =
  | { readonly kind: 'granted'; readonly balance: Balance<Q>; readonly answer: Q['answer'] }
  | { readonly kind: 'refused'; readonly reason: Q['reason'] };

/** What a quantity brings. */
export interface Terms<Q extends Quantity> {
  /** What people call a reservation of it. */
  readonly noun: string;
  readonly demands: Readonly<Record<Q['request']['type'], Demand>>;
  readonly statuses: Readonly<Record<Stage, Status<Q>>>;
  begin(request: Q['request'], status: Status<Q>): Reservation<Q>;
  withStatus(reservation: Reservation<Q>, status: Status<Q>): Reservation<Q>;
  /** Whether there is enough, and the balance without what was reserved. */
  reserve(request: Q['request'], ledger: Q['ledger'], cause: Cause): Grant<Q>;
  reject(
    request: Q['request'],
    reason: Q['reason'] | 'RELEASED_BEFORE',
    ledger: Q['ledger'],
    cause: Cause,
  ): Q['answer'];
  /** The arithmetic of what comes after. Throws what must never be. */
  readonly moves: Readonly<
    Record<LaterDemand, (balance: Balance<Q>, reservation: Reservation<Q>) => Balance<Q>>
  >;
  answer(demand: LaterDemand, to: Reservation<Q>, ledger: Q['ledger'], cause: Cause): Q['answer'];
}

export type Outcome<Q extends Quantity> =
  | { readonly kind: 'repeat' }
  | { readonly kind: 'illegal'; readonly code: 'ILLEGAL_MOVE'; readonly what: string }
  /** Remembered; nothing moved. A withdrawal has no answer, because nobody waits for one. */
  | {
      readonly kind: 'noted';
      readonly reservation: Reservation<Q>;
      readonly answers: readonly Q['answer'][];
    }
  | {
      readonly kind: 'moved';
      readonly reservation: Reservation<Q>;
      readonly answers: readonly Q['answer'][];
      readonly balance: Balance<Q>;
    };

export class ReservationProtocol<Q extends Quantity> {
  private readonly stages: ReadonlyMap<Status<Q>, Stage>;

  constructor(private readonly terms: Terms<Q>) {
    const statuses = Object.entries(terms.statuses) as [Stage, Status<Q>][];
    this.stages = new Map(statuses.map(([stage, status]) => [status, stage]));
  }

  take(ledger: Q['ledger'], request: Q['request'], cause: Cause): Outcome<Q> {
    const { reservation } = ledger;
    return reservation === undefined
      ? this.takeFirst(ledger, request, cause)
      : this.takeNext(ledger, reservation, request, cause);
  }

  /** Keeps nothing and never will, so it needs to be known only as long as repeats may come. */
  hasEnded(reservation: Reservation<Q>): boolean {
    switch (this.stageOf(reservation)) {
      case 'RESERVED':
      case 'CONFIRMED':
        return false;
      case 'RETURNED':
      case 'RELEASED':
      case 'REJECTED':
      case 'WITHDRAWN':
        return true;
    }
  }

  private takeFirst(ledger: Q['ledger'], request: Q['request'], cause: Cause): Outcome<Q> {
    const { terms } = this;
    switch (this.demandOf(request)) {
      case 'RESERVE': {
        const grant = terms.reserve(request, ledger, cause);
        if (grant.kind === 'refused') return this.reject(ledger, request, grant.reason, cause);
        const { balance, answer } = grant;
        const reservation = terms.begin(request, terms.statuses.RESERVED);
        return { kind: 'moved', reservation, answers: [answer], balance };
      }
      case 'RELEASE': {
        const reservation = terms.begin(request, terms.statuses.WITHDRAWN);
        return { kind: 'noted', reservation, answers: [] };
      }
      case 'CONFIRM':
      case 'RETURN':
        return this.illegal('not known');
    }
  }

  private takeNext(
    ledger: Q['ledger'],
    known: Reservation<Q>,
    request: Q['request'],
    cause: Cause,
  ): Outcome<Q> {
    const { terms } = this;
    const demand = this.demandOf(request);
    const stage = this.stageOf(known);
    if (demand === 'RESERVE') {
      if (stage !== 'WITHDRAWN') return { kind: 'repeat' };
      return this.reject(ledger, request, 'RELEASED_BEFORE', cause);
    }
    const { from, to, repeats } = STEPS[demand];
    if (repeats.includes(stage)) return { kind: 'repeat' };
    if (stage !== from) return this.illegal(known.status);
    const reservation = terms.withStatus(known, terms.statuses[to]);
    const answers = [terms.answer(demand, reservation, ledger, cause)];
    const balance = terms.moves[demand](ledger.balance, reservation);
    return { kind: 'moved', reservation, answers, balance };
  }

  private reject(
    ledger: Q['ledger'],
    request: Q['request'],
    reason: Q['reason'] | 'RELEASED_BEFORE',
    cause: Cause,
  ): Outcome<Q> {
    const reservation = this.terms.begin(request, this.terms.statuses.REJECTED);
    const answers = [this.terms.reject(request, reason, ledger, cause)];
    return { kind: 'noted', reservation, answers };
  }

  private illegal(status: string): Outcome<Q> {
    const what = `the ${this.terms.noun} is ${status}`;
    return { kind: 'illegal', code: 'ILLEGAL_MOVE', what };
  }

  private demandOf(request: Q['request']): Demand {
    const type: Q['request']['type'] = request.type;
    return this.terms.demands[type];
  }

  private stageOf({ status }: Reservation<Q>): Stage {
    const stage = this.stages.get(status);
    if (stage === undefined) throw new Error(`no ${this.terms.noun} can be ${status}`);
    return stage;
  }
}
