/**
 * What can hold up a task that should go on, and what is done about it. A stall is reported in
 * health and metrics from the moment it is one, and none is left alone: what has a remedy gets it,
 * what lies with others is waited for in the open.
 *
 *   kind          what is stalled                                 remedy
 *   step          a step, or taking the task, does not end        exit: it cannot be taken back
 *   rebalance     the group does not give the partitions back     exit
 *   reading       records are in the log and are not read         retake; once more the same: exit
 *   handling      records are read and none is handled            retake; once more the same: exit
 *   transaction   an open transaction holds the last stable       retake, again and again, and the
 *                 offset where it is; it may be anybody's         command that ends it in the log
 *   brokers       no broker responds                              none: asked until one does
 *   registry      the schema registry does not respond            none: asked until it does
 */
export type StallKind =
  'step' | 'rebalance' | 'reading' | 'handling' | 'transaction' | 'brokers' | 'registry';

export interface Stall {
  readonly kind: StallKind;
  /** Wall-clock time since when nothing moved, ms since the epoch. */
  readonly since: number;
  /** What stands where, for people. */
  readonly detail: string;
}

export type Remedy = 'exit' | 'retake-then-exit' | 'retake' | 'wait';

const REMEDIES: Readonly<Record<StallKind, Remedy>> = {
  step: 'exit',
  rebalance: 'exit',
  reading: 'retake-then-exit',
  handling: 'retake-then-exit',
  transaction: 'retake',
  brokers: 'wait',
  registry: 'wait',
};

export function remedyOf({ kind }: Stall): Remedy {
  return REMEDIES[kind];
}
