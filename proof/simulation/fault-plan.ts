/**
 * What goes wrong in one run, drawn from its seed. Every kind of fault is left out of some runs and
 * frequent in others: a fault that always hides another would hide it for ever.
 */
import type { Random } from './random';

export interface FaultPlan {
  /** Faults end this long after the start; what was broken is repaired then. */
  readonly untilMs: number;
  /** Chance that a process is killed right before, or right after, one request takes effect. */
  readonly killPerRequest: number;
  /** The same for a write of a store. */
  readonly killPerWrite: number;
  /** Mean time between kills at any moment, over all processes; Infinity: never. */
  readonly killEveryMs: number;
  /** Mean time between freezes: the process is paused, its session runs out, and it wakes. */
  readonly freezeEveryMs: number;
  /** Mean time between orderly restarts. */
  readonly restartEveryMs: number;
  /** Chance that a killed process comes back without its disk. */
  readonly diskLoss: number;
  /** Chance that a request never arrives, and that an answer does not. */
  readonly requestLoss: number;
  readonly answerLoss: number;
  /** Chance that a request is in flight for seconds. */
  readonly lateRequest: number;
  /** The same for a request to the views' database, which others may overtake. */
  readonly lateDatabaseRequest: number;
  /** How long a marker that is late takes to one partition, at most. */
  readonly markerDelayMaxMs: number;
  /** Chance that a marker is late. When all are, orders hardly get anywhere; one holds up a join. */
  readonly lateMarker: number;
  /** Chance that the replicas get a record late, and how late at most. */
  readonly lateReplication: number;
  readonly replicationDelayMaxMs: number;
  /** Mean time between compactions of all compacted topics. */
  readonly compactEveryMs: number;
  /** Process clocks are off by at most this. */
  readonly clockSkewMaxMs: number;
  /** Mean time between outages of PayPay. */
  readonly outageEveryMs: number;
  /** Chance that one call of PayPay fails on its own. */
  readonly callFailure: number;
  readonly webhookLoss: number;
  readonly webhookRepeat: number;
  readonly webhookDelayMaxMs: number;
  /** Chance that the edge writes an event twice. */
  readonly edgeRepeat: number;
}

export function drawFaults(random: Random): FaultPlan {
  const sometimes = (share: number, intensity: () => number, otherwise: number) =>
    random.chance(share) ? intensity() : otherwise;
  const oneOf = (...values: readonly number[]) => random.pick(values);
  return {
    untilMs: random.between(10_000, 20_000),
    killPerRequest: sometimes(0.5, () => oneOf(0.002, 0.01, 0.03), 0),
    killPerWrite: sometimes(0.5, () => oneOf(0.01, 0.05), 0),
    killEveryMs: sometimes(0.5, () => oneOf(2_000, 8_000), Infinity),
    freezeEveryMs: sometimes(0.5, () => oneOf(1_000, 5_000), Infinity),
    restartEveryMs: sometimes(0.4, () => oneOf(4_000, 10_000), Infinity),
    diskLoss: sometimes(0.4, () => oneOf(0.1, 0.5), 0),
    requestLoss: sometimes(0.5, () => oneOf(0.005, 0.03), 0),
    answerLoss: sometimes(0.5, () => oneOf(0.005, 0.03), 0),
    lateRequest: sometimes(0.4, () => oneOf(0.005, 0.02), 0),
    lateDatabaseRequest: sometimes(0.5, () => oneOf(0.1, 0.4), 0),
    markerDelayMaxMs: sometimes(0.6, () => oneOf(5, 100, 1_500), 0),
    compactEveryMs: sometimes(0.6, () => oneOf(1_000, 5_000), Infinity),
    clockSkewMaxMs: sometimes(0.5, () => 90, 0),
    outageEveryMs: sometimes(0.5, () => oneOf(5_000, 12_000), Infinity),
    callFailure: sometimes(0.5, () => oneOf(0.05, 0.3), 0),
    webhookLoss: sometimes(0.6, () => oneOf(0.2, 1), 0),
    webhookRepeat: sometimes(0.5, () => oneOf(0.2, 0.7), 0),
    webhookDelayMaxMs: oneOf(50, 3_000),
    edgeRepeat: sometimes(0.5, () => 0.3, 0),
    lateMarker: oneOf(0.1, 0.3, 1),
    lateReplication: oneOf(0.02, 0.2),
    replicationDelayMaxMs: sometimes(0.5, () => oneOf(100, 1_500), 0),
  };
}
