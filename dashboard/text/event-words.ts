/** What each event of the log says in plain words; its name stands beside them. */
import { textOf } from '../i18n/translate';

/** Empty for an event that has a name alone. */
export function eventWords(type: string): string {
  return textOf(`events.${type}`) ?? '';
}
