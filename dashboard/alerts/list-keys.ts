/**
 * The keys of the alert list: j and k go down and up its links (Enter then opens one, as on any
 * link), a acknowledges, r resolves and x ticks the one that has the focus, n shows what is new. They do
 * nothing while something is being typed.
 */
import { onMounted, onUnmounted, type Ref } from 'vue';

/** What is open above the page: a dialog or a menu. */
const ASKING = '[role="dialog"], [role="menu"]';

export interface ListCommands {
  readonly acknowledge: (alertId: string) => void;
  readonly resolve: (alertId: string) => void;
  readonly tick: (alertId: string) => void;
  readonly showNew: () => void;
}

export function useListKeys(
  list: Readonly<Ref<HTMLElement | null>>,
  { acknowledge, resolve, tick, showNew }: ListCommands,
): void {
  function pressed(event: KeyboardEvent): void {
    if (!isShortcut(event)) return;
    const alertId = chosenIn(list.value);
    if (event.key === 'j') step(list.value, 1);
    else if (event.key === 'k') step(list.value, -1);
    else if (event.key === 'n') showNew();
    else if (event.key === 'a' && alertId !== undefined) acknowledge(alertId);
    else if (event.key === 'r' && alertId !== undefined) resolve(alertId);
    else if (event.key === 'x' && alertId !== undefined) tick(alertId);
    else return;
    // The key must not end up in a field that it opens.
    event.preventDefault();
  }
  onMounted(() => window.addEventListener('keydown', pressed));
  onUnmounted(() => window.removeEventListener('keydown', pressed));
}

/** A letter alone, while nothing is being typed and nothing is being asked. */
export function isShortcut(event: KeyboardEvent): boolean {
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  return !modified && !isTyping(event.target) && document.querySelector(ASKING) === null;
}

/** Whether the list itself takes the letter, for the row that has the focus. */
export function isInList(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('li[data-alert-id]') !== null;
}

function step(list: HTMLElement | null, by: 1 | -1): void {
  const links = linksIn(list);
  const current = links.findIndex((link) => link === document.activeElement);
  const next = current === -1 ? 0 : Math.min(links.length - 1, Math.max(0, current + by));
  links[next]?.focus();
}

function chosenIn(list: HTMLElement | null): string | undefined {
  const link = linksIn(list).find((candidate) => candidate === document.activeElement);
  return link?.closest<HTMLElement>('li[data-alert-id]')?.dataset['alertId'];
}

function linksIn(list: HTMLElement | null): readonly HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('li[data-alert-id] a') ?? [])];
}

/** A check box takes no letters. */
const TYPED_IN = 'input:not([type="checkbox"]), select, textarea';

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TYPED_IN) !== null;
}
