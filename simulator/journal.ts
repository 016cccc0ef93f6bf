import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Payment } from './payment';

/**
 * What PayPay does not forget when the stack around it restarts: one JSON line per change, the
 * newest line of a payment stands for it. A line is written before the change is answered, so a
 * `kill -9` loses nothing that anyone was told; it can leave half a line, which the next start
 * cuts off. Each start rewrites the file with one line per payment, which bounds its growth.
 */
export interface Journal {
  /** All payments, oldest first, as they stood. */
  readonly restored: readonly Payment[];
  append(payment: Payment): void;
  close(): void;
}

export class JournalDamagedError extends Error {
  override readonly name = 'JournalDamagedError';
}

/** For tests of everything but the journal, and for a simulator without a data folder. */
export function memoryJournal(): Journal {
  return { restored: [], append: () => undefined, close: () => undefined };
}

export function fileJournal(folder: string): Journal {
  const path = join(folder, 'payments.jsonl');
  mkdirSync(folder, { recursive: true });
  const restored = existsSync(path) ? readPayments(path) : [];
  const fresh = `${path}.new`;
  mkdirSync(dirname(fresh), { recursive: true });
  writeFileSync(fresh, restored.map(lineOf).join(''));
  renameSync(fresh, path);
  const file = openSync(path, 'a');
  return {
    restored,
    append: (payment) => void writeSync(file, lineOf(payment)),
    close: () => closeSync(file),
  };
}

function lineOf(payment: Payment): string {
  return `${JSON.stringify(payment)}\n`;
}

function readPayments(path: string): readonly Payment[] {
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) cutOff(path, Buffer.byteLength(whole));
  const payments = new Map<string, Payment>();
  whole.split('\n').forEach((line, index) => {
    if (line === '') return;
    const payment = parseLine(line, index + 1, path);
    payments.set(payment.merchantPaymentId, payment);
  });
  return [...payments.values()];
}

function cutOff(path: string, bytes: number): void {
  const file = openSync(path, 'r+');
  ftruncateSync(file, bytes);
  closeSync(file);
}

/** Only this program writes the file: a bad line within it is damage, not input to be judged. */
function parseLine(line: string, number: number, path: string): Payment {
  try {
    return JSON.parse(line) as Payment;
  } catch (cause) {
    throw new JournalDamagedError(
      `${path}, line ${number} is not JSON; repair the line or delete the file to begin anew`,
      { cause },
    );
  }
}
