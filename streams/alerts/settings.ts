export interface AlertsSettings {
  /** How long an order may leave a payment unanswered before rule A fires. */
  readonly ruleAGraceMs: number;
  /** How long a PAID order may stand without a known payment before rule B fires. */
  readonly ruleBGraceMs: number;
  /** How long an order that ended without an open alert stays in full. */
  readonly retentionMs: number;
}

export const alertsDefaults: AlertsSettings = {
  // A healthy saga answers in well under a second; half a minute outlasts the restart of a process,
  // and an operator is alerted to what is really stuck before the shopper calls.
  ruleAGraceMs: 30_000,
  ruleBGraceMs: 30_000,
  // The last planned look at a payment comes a day after it; a week leaves room for weekends.
  retentionMs: 7 * 24 * 60 * 60 * 1_000,
};

/**
 * News of payments kept for one order. A healthy order has one or two; a hundred means a loop
 * somewhere, and without a limit its state would grow past what a changelog record may hold.
 */
export const PAYMENT_FACTS_MAX = 100;

/**
 * Requests of operators that an alert remembers, so that a repeat changes nothing. A repeat comes
 * from a retry within seconds; an older one of any but a note is refused by its version.
 */
export const COMMANDS_REMEMBERED_MAX = 20;
