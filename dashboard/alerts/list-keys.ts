/**
 * The keys of the alert list: j and k go down and up its links (Enter then opens one, as on any
 * link), r brings the list up to date. They do nothing while something is being typed.
 */
import { onMounted, onUnmounted, type Ref } from 'vue';

export function useListKeys(list: Readonly<Ref<HTMLElement | null>>, refresh: () => void): void {
  function pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === 'j') step(list.value, 1);
    else if (event.key === 'k') step(list.value, -1);
    else if (event.key === 'r') refresh();
  }
  onMounted(() => window.addEventListener('keydown', pressed));
  onUnmounted(() => window.removeEventListener('keydown', pressed));
}

function step(list: HTMLElement | null, by: 1 | -1): void {
  const links = [...(list?.querySelectorAll('a') ?? [])];
  const current = links.findIndex((link) => link === document.activeElement);
  const next = current === -1 ? 0 : Math.min(links.length - 1, Math.max(0, current + by));
  links[next]?.focus();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, select, textarea') !== null;
}
