import { KEEP, defineTopic, type Topic } from './topic';

/** A topic of records that an app could not process, each under its own key. */
export function deadLettersTopic(name: string): Topic<'DeadLetter'> {
  return defineTopic({
    name,
    types: ['DeadLetter'],
    key: (event) => event.key?.toString('utf8') ?? '',
    cleanup: KEEP,
  });
}
