/**
 * Filters that are wanted again and again. A view is the query of an address, so it can be sent on,
 * kept as a bookmark, or kept here under a name. Pure.
 */
import type { TextKey } from '../i18n/catalogue';
import { filterOf, queryOf, ME, NOBODY } from './alert-filter';

interface ViewStorage {
  getItem(name: string): string | null;
}

export interface SavedView {
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
}

/** What most operators want; nobody has to save them. */
export const GIVEN_VIEWS: readonly {
  readonly text: TextKey;
  readonly query: SavedView['query'];
}[] = [
  { text: 'alerts.views.open', query: {} },
  { text: 'alerts.views.urgent', query: { severity: 'P1' } },
  { text: 'alerts.views.unowned', query: { owner: NOBODY } },
  { text: 'alerts.views.mine', query: { owner: ME } },
  { text: 'alerts.views.incidents', query: { group: 'incident' } },
];

/** Where the browser keeps them. */
export const VIEWS_NAME = 'alert-views';

/** Whether two queries ask for the same alerts. */
export function isSameView(
  one: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): boolean {
  return JSON.stringify(queryOf(filterOf(one))) === JSON.stringify(queryOf(filterOf(other)));
}

/** Nothing for what is not there, or was not written by this page. */
export function keptViews(storage: ViewStorage): readonly SavedView[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(VIEWS_NAME) ?? '[]');
    if (!Array.isArray(kept)) return [];
    return (kept as readonly Partial<SavedView>[]).flatMap(({ name, query }) =>
      typeof name === 'string' && typeof query === 'object'
        ? [{ name, query: queryOf(filterOf(query)) }]
        : [],
    );
  } catch {
    return [];
  }
}
