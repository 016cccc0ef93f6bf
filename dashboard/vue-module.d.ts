/** What a program that does not read .vue files itself, such as the linter's, takes them for. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue';

  const component: DefineComponent;
  // eslint-disable-next-line import-x/no-default-export -- a .vue file has no other export
  export default component;
}
