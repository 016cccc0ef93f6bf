/**
 * Whether PayPay is called at all. When it fails again and again, calls are refused at once, so
 * that orders do not queue behind timeouts and PayPay can recover.
 *
 *   closed ──failures in a row──▶ open ──its time is over, next call──▶ probing
 *     ▲                            ▲                                     │   │
 *     │                            └────────failed, for twice as long────┘   │
 *     └──────────────────────────────answered───────────────────────────────┘
 */
export type Circuit =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly until: number; readonly forMs: number }
  /** One call is under way to find out; all others are refused. */
  | { readonly kind: 'probing'; readonly forMs: number };

export interface CircuitSettings {
  readonly failuresToOpen: number;
  readonly openMs: number;
  readonly openMaxMs: number;
}

export const CLOSED: Circuit = { kind: 'closed', failures: 0 };

/** Whether a call at `now` would be refused; asking changes nothing. */
export function refuses(circuit: Circuit, now: number): boolean {
  switch (circuit.kind) {
    case 'closed':
      return false;
    case 'open':
      return now < circuit.until;
    case 'probing':
      return true;
  }
}

/** A call begins. Throws when it is refused. */
export function begun(circuit: Circuit, now: number): Circuit {
  if (refuses(circuit, now)) throw new Error(`the circuit is ${circuit.kind}`);
  return circuit.kind === 'open' ? { kind: 'probing', forMs: circuit.forMs } : circuit;
}

/** PayPay answered, whatever it said. */
export function answered(circuit: Circuit): Circuit {
  // The answer to a call from before it opened says nothing about now.
  return circuit.kind === 'open' ? circuit : CLOSED;
}

export function failed(circuit: Circuit, now: number, settings: CircuitSettings): Circuit {
  switch (circuit.kind) {
    case 'closed': {
      const failures = circuit.failures + 1;
      return failures < settings.failuresToOpen
        ? { kind: 'closed', failures }
        : { kind: 'open', until: now + settings.openMs, forMs: settings.openMs };
    }
    case 'open':
      return circuit;
    case 'probing': {
      const forMs = Math.min(circuit.forMs * 2, settings.openMaxMs);
      return { kind: 'open', until: now + forMs, forMs };
    }
  }
}
