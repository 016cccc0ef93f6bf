/** A product as a run of chaos is given it, and what the commands over such runs share. */
import path from 'node:path';
import type { Subject } from './under-load';
import type { Product } from '../../local/pipeline/product';
import { StackError } from '../../local/stack/stack-error';
import type { StopRequest } from '../../local/processes/stop-signals';

export function subjectOf({ pipeline, stack }: Product): Subject {
  return {
    stack: pipeline.running,
    databaseUrl: stack.environment['DATABASE_URL'] ?? '',
    journal: path.join(stack.folders.data, 'simulator', 'payments.jsonl'),
    scratch: path.join(stack.folders.root, 'read-back'),
    stopApps: () => pipeline.stop(),
  };
}

/** Throws BAD_ARGUMENTS. */
export function wholeNumber(flag: string, text: string, least: number): number {
  const number = Number(text);
  if (text !== '' && Number.isSafeInteger(number) && number >= least) return number;
  throw new StackError(
    'BAD_ARGUMENTS',
    `--${flag} is a whole number of ${least} or more, not "${text}".`,
  );
}

/** Rejects once the command is asked to stop. */
export function interrupted(stop: StopRequest): Promise<never> {
  return new Promise((_, reject) => {
    stop.asked.addEventListener('abort', () => {
      reject(new StackError('STOPPED', 'Stopped by a signal.'));
    });
  });
}
