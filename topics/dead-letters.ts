import { KEEP, defineTopic } from './topic';

/** Written by any app; its records carry the key of the record that could not be taken. */
export const deadLetters = defineTopic({
  name: 'dead-letters.v1',
  types: ['DeadLetter'],
  key: (event) => event.key?.toString('utf8') ?? '',
  cleanup: KEEP,
});
