/** The views that an operator has saved, kept in the browser. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { VIEWS_NAME, keptViews, type SavedView } from './saved-views';

/** More would not be found again. */
const VIEWS_MAX = 20;

export const useSavedViews = defineStore('alert-views', () => {
  const views = shallowRef<readonly SavedView[]>(keptViews(window.localStorage));

  function keep(after: readonly SavedView[]): void {
    views.value = after.slice(-VIEWS_MAX);
    try {
      window.localStorage.setItem(VIEWS_NAME, JSON.stringify(views.value));
    } catch {
      // Full, or not allowed: the views still last as long as the page.
    }
  }

  return {
    views,
    /** One of the same name is replaced. */
    save: (view: SavedView) =>
      keep([...views.value.filter(({ name }) => name !== view.name), view]),
    remove: (name: string) => keep(views.value.filter((view) => view.name !== name)),
  };
});
