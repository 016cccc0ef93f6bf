/**
 * The saga of one order as lanes on a time axis: one lane for each participant, one step for each
 * record, and which record led to which. Pure.
 *
 * The axis is stretched where things happen at once and squeezed where nothing does: a saga holds
 * its stock within milliseconds and then waits minutes for a shopper. So each gap is as wide as the
 * logarithm of its time, and every step says how long after the first it came.
 *
 *   OrderCreated +0 ms · StockReserved +12 ms · ········· PaymentSucceeded +95 s
 *   x 22               x 61                               x 131
 *   (test: "a gap of minutes is wider than one of milliseconds, and not by its ratio")
 */
import type { TimelineEntry } from '../../edge/contract/api-types';

export const LANES = ['orders', 'inventory', 'accounts', 'payments', 'alerts'] as const;
export type Lane = (typeof LANES)[number];

export type Tone = 'step' | 'success' | 'failure' | 'compensation';

export interface SagaStep {
  readonly entry: TimelineEntry;
  readonly lane: Lane;
  readonly tone: Tone;
  /** Since the first record, in ms of the log's time. */
  readonly afterMs: number;
  /** Along the axis, in px. */
  readonly x: number;
  /** Place of the step that led to this one; undefined: it is not part of the order's timeline. */
  readonly cause: number | undefined;
}

export interface Saga {
  readonly steps: readonly SagaStep[];
  /** Those that have a step, in their order from top to bottom. */
  readonly lanes: readonly Lane[];
  readonly tookMs: number;
  /** Of the whole axis, in px. */
  readonly width: number;
}

/** A step has to be hit with a finger, and its neighbour must not be. */
const STEP_PX = 30;
/** For each tenfold of a gap's ms. */
const DECADE_PX = 8;
/** Before the first step and after the last. */
const MARGIN_PX = 22;

const COMPENSATIONS: ReadonlySet<string> = new Set([
  'StockReleaseRequested',
  'StockReleased',
  'StockReturnRequested',
  'StockReturned',
  'FundsReleaseRequested',
  'FundsReleased',
  'FundsReturnRequested',
  'FundsReturned',
  'OrderRolledBack',
  'OrderRefunded',
  'CodeDeletionRequested',
  'CodeDeleted',
  'RefundRequested',
  'RefundAccepted',
  'RefundCompleted',
  'PaymentRefundPending',
  'PaymentRefunded',
  'AuthorizationRevertRequested',
  'AuthorizationReverted',
]);

const SUCCESSES: ReadonlySet<string> = new Set([
  'OrderPaid',
  'StockConfirmed',
  'FundsCaptured',
  'PaymentSucceeded',
  'AlertResolved',
  'AlertActionSucceeded',
]);

/** `entries` by log time. */
export function sagaOf(entries: readonly TimelineEntry[]): Saga {
  const known = entries.flatMap((entry) => {
    const lane = laneOf(entry.topic);
    return lane === undefined ? [] : [{ entry, lane }];
  });
  const startedAt = known[0]?.entry.loggedAt ?? 0;
  const places = new Map(known.map(({ entry }, place) => [entry.eventId, place]));
  let x = MARGIN_PX;
  const steps = known.map(({ entry, lane }, place): SagaStep => {
    const before = known[place - 1]?.entry.loggedAt;
    if (before !== undefined) x += gapPx(entry.loggedAt - before);
    const causedBy = places.get(causationOf(entry));
    return {
      ...{ entry, lane, x },
      tone: toneOf(entry.type),
      afterMs: entry.loggedAt - startedAt,
      cause: causedBy === place ? undefined : causedBy,
    };
  });
  const used = new Set(steps.map(({ lane }) => lane));
  return {
    steps,
    lanes: LANES.filter((lane) => used.has(lane)),
    tookMs: steps.at(-1)?.afterMs ?? 0,
    width: x + MARGIN_PX,
  };
}

function gapPx(gapMs: number): number {
  return Math.round(STEP_PX + DECADE_PX * Math.log10(1 + Math.max(0, gapMs)));
}

/** Undefined for a topic of no participant. */
function laneOf(topic: string): Lane | undefined {
  const area = topic.split('.', 1)[0];
  return LANES.find((lane) => lane === area);
}

export function toneOf(type: string): Tone {
  if (COMPENSATIONS.has(type)) return 'compensation';
  if (SUCCESSES.has(type)) return 'success';
  if (/(Failed|Rejected|Expired|Refused|Stuck|Unavailable)$/.test(type)) return 'failure';
  return type === 'AlertRaised' || type === 'AlertReopened' ? 'failure' : 'step';
}

function causationOf({ payload }: TimelineEntry): string {
  const { causationId } = payload as { readonly causationId?: unknown };
  return typeof causationId === 'string' ? causationId : '';
}
