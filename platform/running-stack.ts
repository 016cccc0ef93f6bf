/**
 * Where a running stack can be found. `npm start` leaves this note in its var folder while it runs,
 * so that `npm run scenario` in another terminal needs no arguments.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

export interface RunningStack {
  readonly edgeUrl: string;
  readonly simulatorUrl: string;
  /** Health server of the streams process: apps are paused and resumed through it. */
  readonly streamsUrl: string;
  readonly brokers: string;
  readonly registryUrl: string;
  /** host:port of the Firebase auth emulator. */
  readonly firebaseHost: string;
  readonly firebaseProject: string;
  readonly partitions: number;
  readonly ruleAGraceMs: number;
  readonly ruleBGraceMs: number;
  /** How long a shopper has to pay. */
  readonly paymentsLifetimeMs: number;
  /** When a success is read again for the first time. */
  readonly paymentsWatchMs: number;
  /** Calls a second that PayPay may be asked for. */
  readonly gatewayCallsPerSecond: number;
}

export function writeRunningStack(file: string, stack: RunningStack): void {
  writeFileSync(file, `${JSON.stringify(stack, null, 2)}\n`);
}

/** Undefined when no stack left its note there. */
export function readRunningStack(file: string): RunningStack | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunningStack;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export function forgetRunningStack(file: string): void {
  rmSync(file, { force: true });
}
