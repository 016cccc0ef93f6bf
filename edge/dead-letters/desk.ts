/**
 * What operators do with dead letters through the API. Every answer comes within a deadline; a redrive
 * that took longer may stand, and sending the same again writes nothing twice.
 */
import type { DeadLetterState } from '../contract/dead-letter';
import { TIMED_OUT, within } from '../deadline';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import type { OpenLog } from '../log/log-connection';
import { recoveryOf, RuntimeError } from '../../streams/runtime/errors';
import { isTransient } from '../../streams/runtime/patience';
import { lettersIn, type LetterFilter } from './letters';
import { examined, redriven, type ExaminedLetter } from './redrive';

export class DeadLetterDesk {
  /** `log` throws `LOG_UNAVAILABLE` while Kafka was never reached. */
  constructor(private readonly log: () => OpenLog) {}

  /** The oldest `redriveLettersMax` that match. Rejects with `LOG_UNAVAILABLE`. */
  preview(filter: LetterFilter): Promise<readonly DeadLetterState[]> {
    const { broker } = this.log();
    return available(this.letters(filter).then((letters) => examined(broker, letters)));
  }

  /** Gives the states before. Rejects with `LOG_UNAVAILABLE`. */
  redrive(filter: LetterFilter, actor: string): Promise<readonly DeadLetterState[]> {
    const { broker } = this.log();
    return available(this.letters(filter).then((letters) => redriven(broker, letters, actor)));
  }

  private letters(filter: LetterFilter) {
    const { broker, codec } = this.log();
    return lettersIn(broker, codec, filter, limits.redriveLettersMax);
  }
}

async function available(
  work: Promise<readonly ExaminedLetter[]>,
): Promise<readonly DeadLetterState[]> {
  try {
    const letters = await within(work, limits.redriveAnswerMs);
    if (letters === TIMED_OUT) throw new EdgeError('LOG_UNAVAILABLE');
    return letters.map(stateOf);
  } catch (error) {
    // Fenced by another operator's redrive: what that one wrote is not written again.
    if (isTransient(error) || isFenced(error)) {
      throw new EdgeError('LOG_UNAVAILABLE', { cause: error });
    }
    throw error;
  }
}

function isFenced(error: unknown): boolean {
  return error instanceof RuntimeError && recoveryOf(error) !== 'die';
}

function stateOf({ letter, state }: ExaminedLetter): DeadLetterState {
  const { eventId, app, errorCode, topic, partition, offset } = letter;
  const detail = state.kind === 'lost' ? state.reason : null;
  return { eventId, app, errorCode, topic, partition, offset, state: state.kind, detail };
}
