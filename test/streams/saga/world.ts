/**
 * A whole saga as one value, for walking through every order in which its records can be handled.
 * It runs the apps' own handlers. A step makes a new world and leaves the old one as it was, so a
 * walk can branch at every step. Records of one key keep their order; nothing else does.
 */
import type { AnyEvent, EventType } from '../../../schemas/event';
import type { Cause } from '../../../schemas/header';
import type { EventOn, Topic } from '../../../topics/topic';
import type { HandlerContext, LogPosition, StateOf, StreamApp } from '../../../streams/runtime/app';

/** What stands on a topic, as opposed to a state record. */
export type LoggedEvent = Extract<AnyEvent, { readonly eventId: string }>;

type State = StateOf<EventType>;
type Timers = Readonly<Record<string, number>>;

interface Entry {
  readonly state: State;
  readonly timers: Timers;
}

/** Records of one key on one topic that an app has not handled yet. */
interface Queue {
  readonly app: string;
  readonly topic: string;
  readonly key: string;
  readonly events: readonly LoggedEvent[];
}

export interface DueTimer {
  readonly app: string;
  readonly key: string;
  readonly name: string;
}

export class World {
  private constructor(
    private readonly apps: readonly StreamApp[],
    private readonly queues: ReadonlyMap<string, Queue>,
    private readonly entries: ReadonlyMap<string, Entry>,
    /** All that was ever written, by whomever, without repeats. */
    readonly written: readonly LoggedEvent[],
    readonly rejections: readonly string[],
  ) {}

  static of(apps: readonly StreamApp[]): World {
    return new World(apps, new Map(), new Map(), [], []);
  }

  /** Writes an event as another part of the system does. */
  write<T extends Topic>(topic: T, event: EventOn<T> & LoggedEvent): World {
    return this.append([{ topic, event }]);
  }

  /** Writes an event once more that was written before. */
  repeat(topic: Topic, event: LoggedEvent): World {
    const { queues } = this.append([{ topic, event }]);
    return new World(this.apps, queues, this.entries, this.written, this.rejections);
  }

  /** Each world that the handling of one waiting record leads to. */
  steps(): readonly World[] {
    return [...this.queues].map(([id, queue]) => this.handleFirst(id, queue));
  }

  /** Handles all there is, in any one order. */
  settled(): World {
    const [next] = this.steps();
    return next === undefined ? this : next.settled();
  }

  timers(): readonly DueTimer[] {
    return [...this.entries].flatMap(([id, { timers }]) => {
      const [app = '', key = ''] = id.split('\t');
      return Object.keys(timers).map((name) => ({ app, key, name }));
    });
  }

  fire({ app: appName, key, name }: DueTimer): World {
    const app = this.app(appName);
    const entry = this.entries.get(`${appName}\t${key}`);
    if (entry === undefined) throw new Error(`no timer stands at ${key}`);
    const { [name]: dueAt = 0, ...timers } = entry.timers;
    const entries = new Map(this.entries).set(`${appName}\t${key}`, { ...entry, timers });
    const cause = { id: `${appName}/${key}/${name}@${dueAt}`, at: dueAt };
    const turn = new Turn(app, cause, entries);
    app.onTimer({ key, name, dueAt }, turn);
    return new World(this.apps, this.queues, turn.entries, this.written, this.rejections).append(
      turn.emitted,
    );
  }

  get isSettled(): boolean {
    return this.queues.size === 0;
  }

  state<S extends EventType>(app: string, key: string): StateOf<S> | undefined {
    return this.entries.get(`${app}\t${key}`)?.state as StateOf<S> | undefined;
  }

  /** Equal for worlds from which the same things can happen and in which the same did. */
  fingerprint(): string {
    return [
      ...[...this.queues].map(([id, { events }]) => `${id} ${events.map(textOf).join()}`).sort(),
      ...[...this.entries].map(([id, entry]) => `${id} ${textOf(entry)}`).sort(),
      ...this.written.map(({ eventId }) => eventId).sort(),
      this.rejections.length,
    ].join('\n');
  }

  private handleFirst(id: string, queue: Queue): World {
    const app = this.app(queue.app);
    const [event, ...rest] = queue.events;
    if (event === undefined) throw new Error(`queue ${id} is empty`);
    const queues = new Map(this.queues);
    if (rest.length === 0) queues.delete(id);
    else queues.set(id, { ...queue, events: rest });
    const turn = new Turn(app, { id: event.eventId, at: 0 }, this.entries);
    try {
      app.handle(event, turn);
    } catch (error) {
      const rejections = [...this.rejections, `${event.type}: ${String(error)}`];
      return new World(this.apps, queues, this.entries, this.written, rejections);
    }
    const { apps, written, rejections } = this;
    return new World(apps, queues, turn.entries, written, rejections).append(turn.emitted);
  }

  private append(records: readonly Emitted[]): World {
    const queues = new Map(this.queues);
    for (const { topic, event } of records) {
      for (const app of this.apps.filter(({ inputs }) => inputs.includes(topic))) {
        const key = topic.key(event);
        const id = `${app.name}\t${topic.name}\t${key}`;
        const events = [...(queues.get(id)?.events ?? []), event];
        queues.set(id, { app: app.name, topic: topic.name, key, events });
      }
    }
    const written = [...this.written, ...records.map(({ event }) => event)];
    return new World(this.apps, queues, this.entries, written, this.rejections);
  }

  private app(name: string): StreamApp {
    const app = this.apps.find((candidate) => candidate.name === name);
    if (app === undefined) throw new Error(`no app is named ${name}`);
    return app;
  }
}

/** Worlds share most of what they hold, so each part is put into words once. */
const texts = new WeakMap<object, string>();

function textOf(part: object): string {
  const known = texts.get(part);
  if (known !== undefined) return known;
  const text = JSON.stringify(part);
  texts.set(part, text);
  return text;
}

interface Emitted {
  readonly topic: Topic;
  readonly event: LoggedEvent;
}

/** One call of a handler; what it does is seen only when it succeeds. */
class Turn implements HandlerContext<EventType> {
  readonly emitted: Emitted[] = [];
  readonly entries: Map<string, Entry>;
  readonly now: number;
  readonly position: LogPosition = { topic: '', partition: 0, offset: 0, timestamp: 0 };

  constructor(
    private readonly app: StreamApp,
    readonly cause: Cause,
    entries: ReadonlyMap<string, Entry>,
  ) {
    this.entries = new Map(entries);
    this.now = cause.at;
  }

  get(key: string): State | undefined {
    return this.entries.get(this.id(key))?.state;
  }

  put(key: string, state: State): void {
    this.entries.set(this.id(key), { state, timers: this.timers(key) });
  }

  delete(key: string): void {
    this.entries.delete(this.id(key));
  }

  emit<T extends Topic>(topic: T, event: EventOn<T>): void {
    this.emitted.push({ topic, event: event as LoggedEvent });
  }

  setTimer(key: string, name: string, dueAt: number): void {
    this.keepTimers(key, { ...this.timers(key), [name]: dueAt });
  }

  clearTimer(key: string, name: string): void {
    const timers = Object.entries(this.timers(key)).filter(([other]) => other !== name);
    this.keepTimers(key, Object.fromEntries(timers));
  }

  setTimers(key: string, timers: Timers): void {
    this.keepTimers(key, timers);
  }

  timers(key: string): Timers {
    return this.entries.get(this.id(key))?.timers ?? {};
  }

  reject(errorCode: string, reason: string): never {
    throw new Error(`${errorCode}: ${reason}`);
  }

  private keepTimers(key: string, timers: Timers): void {
    const entry = this.entries.get(this.id(key));
    if (entry !== undefined) this.entries.set(this.id(key), { ...entry, timers });
  }

  private id(key: string): string {
    return `${this.app.name}\t${key}`;
  }
}
