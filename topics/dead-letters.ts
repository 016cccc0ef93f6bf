import { deadLettersTopic } from '../platform/dead-letters';

/** Written by any app; its records carry the key of the record that could not be processed. */
export const deadLetters = deadLettersTopic('dead-letters.v1');
