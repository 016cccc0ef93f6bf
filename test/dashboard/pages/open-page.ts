/**
 * A page of the dashboard in a document in memory: the real components and services, on an edge that
 * answers as it is told to. What a page says in each of its states is seen so; how it looks is not.
 */
import { createPinia } from 'pinia';
import { createApp, h, type Component } from 'vue';
import { RouterView, createMemoryHistory, createRouter } from 'vue-router';
import type { LiveSocket } from '../../../dashboard/live/live-connection';
import { provideServices } from '../../../dashboard/services';
import type { OpsSnapshot, OrderSnapshot } from '../../../edge/contract/api-types';

/** What an edge has; undefined bodies and rooms get no answer, as of an edge that is gone. */
export interface EdgeAnswers {
  /** By the path of the request, without its query. */
  readonly bodies: Readonly<Record<string, unknown>>;
  readonly ops: OpsSnapshot | undefined;
  readonly order: OrderSnapshot | undefined;
}

export interface OpenPage {
  /** All that is on the page now, as it would be read. */
  text(): string;
  readonly root: HTMLElement;
  /** What went wrong inside of components, which Vue would only write to the console. */
  readonly problems: readonly string[];
  close(): void;
}

/** The socket of the page that is open: it connects at once, and every room has its snapshot. */
class RoomSocket {
  answers: EdgeAnswers = { bodies: {}, ops: undefined, order: undefined };
  connected = false;
  private handlers = new Map<string, (value?: unknown) => void>();

  on(name: string, handler: (value?: unknown) => void): void {
    this.handlers.set(name, handler);
  }

  connect(): void {
    this.connected = this.answers.ops !== undefined;
    this.handlers.get(this.connected ? 'connect' : 'connect_error')?.(new Error('gone'));
  }

  disconnect(): void {
    this.connected = false;
  }

  timeout(): this {
    return this;
  }

  emit(what: string, room: string, reply: (silence: null, answer: unknown) => void): void {
    const snapshot = room === 'ops' ? this.answers.ops : this.answers.order;
    if (what === 'join') reply(null, { kind: 'joined', room, snapshot });
  }
}

const socket = new RoomSocket();

/** For `jest.mock` of the module that would open a real one. */
export const openSocket = (): LiveSocket => socket as unknown as LiveSocket;

/** Answers are given within this; nothing of them is on its way to anywhere. */
const SETTLE_MS = 50;

export async function openPage(
  page: { readonly at: string; readonly route: string; readonly component: Component },
  answers: EdgeAnswers,
  beside?: Component,
): Promise<OpenPage> {
  answerWith(answers);
  socket.answers = answers;
  const problems: string[] = [];
  const app = createApp({ render: () => h(RouterView) });
  app.config.errorHandler = (error) => problems.push(String(error));
  app.config.warnHandler = (message) => problems.push(message);
  app.use(createPinia());
  const { session, live, alerts } = provideServices(app);
  const children =
    beside === undefined ? [] : [{ path: ':alertId', component: beside, props: true }];
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: page.route, component: page.component, props: true, children },
      { path: '/:rest(.*)*', component: { render: () => h('p') } },
    ],
  });
  app.use(router);
  await session.check();
  live.open();
  alerts.start();
  await router.push(page.at);
  const root = document.createElement('main');
  document.body.replaceChildren(root);
  app.mount(root);
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return {
    text: () => root.textContent.replaceAll(/\s+/g, ' '),
    root,
    problems,
    close: () => {
      app.unmount();
      live.close();
      alerts.stop();
    },
  };
}

function answerWith({ bodies }: EdgeAnswers): void {
  globalThis.fetch = (input) => {
    const { pathname } = new URL(
      input instanceof Request ? input.url : String(input),
      location.href,
    );
    const body = bodies[pathname];
    return body === undefined
      ? Promise.reject(new TypeError('fetch failed'))
      : Promise.resolve(Response.json(body));
  };
}
