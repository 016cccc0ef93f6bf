/** Every topic of the project. What is not in this list is not provisioned. */
import * as accounts from './accounts';
import * as alerts from './alerts';
import * as catalog from './catalog';
import * as changelogs from './changelogs';
import { deadLetters } from './dead-letters';
import * as inventory from './inventory';
import * as orders from './orders';
import * as payments from './payments';
import type { Changelog } from '../platform/changelog';
import type { Topic } from './topic';

export const eventTopics: readonly Topic[] = [
  ...Object.values(orders),
  ...Object.values(inventory),
  ...Object.values(catalog),
  ...Object.values(accounts),
  ...Object.values(payments),
  ...Object.values(alerts),
  deadLetters,
];

export const changelogTopics: readonly Changelog[] = Object.values(changelogs);

export const allTopics: readonly (Topic | Changelog)[] = [...eventTopics, ...changelogTopics];

export function topicNamed(name: string): Topic | Changelog | undefined {
  return allTopics.find((topic) => topic.name === name);
}
