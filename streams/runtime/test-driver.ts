/**
 * Runs the production task code of any number of apps in memory, with a clock moved by hand. The
 * apps share their topics, so a whole saga can be driven; every topic has one partition.
 *
 *   const driver = await TopologyTestDriver.start([ordersApp(settings)], { startAt: 1_000_000, records });
 *   await driver.pipe(ordersRequests, purchase);
 *   expect(driver.take(ordersEvents)).toMatchObject([{ type: 'OrderCreated' }]);
 *   await driver.advance(60_000);
 */
import { Codec } from '../../platform/avro/codec';
import type { RecordTypes } from '../../platform/avro/record-types';
import type { EventOf, EventType } from '../../platform/avro/event';
import { deadLettersTopic } from '../../platform/dead-letters';
import type { EventOn, Topic } from '../../platform/topic';
import type { StateOf, StreamApp } from './app';
import { ManualClock } from '../../platform/manual-clock';
import { MemoryBroker } from './memory-broker';
import type { RecordReader } from './broker';
import { MemoryStore } from './store/memory-store';
import { RecordDecoder } from './task/record-decoder';
import type { RunningTask } from './task/running-task';
import { takeTask } from './task/take';

/** Where dead letters of a driver go, whatever the catalogue calls it. */
const DEAD_LETTERS = deadLettersTopic('dead-letters.v1');

/** Steps of one app without rest, after which it counts as a loop. */
const STEPS_MAX = 100_000;

interface DrivenApp {
  readonly app: StreamApp;
  store: MemoryStore;
  task: RunningTask;
  reader: RecordReader;
}

export interface DriverOptions {
  /** Wall-clock and log-append time at the start, ms since the epoch. */
  readonly startAt: number;
  /** What the apps read, write and keep: `readRecordTypes`. */
  readonly records: RecordTypes;
}

export class TopologyTestDriver {
  private readonly taken = new Map<string, number>();

  private constructor(
    readonly clock: ManualClock,
    readonly broker: MemoryBroker,
    private readonly codec: Codec,
    private readonly apps: Map<string, DrivenApp>,
  ) {}

  static async start(
    apps: readonly StreamApp[],
    { startAt, records }: DriverOptions,
  ): Promise<TopologyTestDriver> {
    const clock = new ManualClock(startAt);
    const broker = new MemoryBroker(clock);
    const driver = new TopologyTestDriver(clock, broker, driverCodec(apps, records), new Map());
    for (const app of apps) await driver.takeOver(app, new MemoryStore());
    return driver;
  }

  /** Appends at the present time and runs all apps until none has anything left to do. */
  async pipe<T extends Topic>(topic: T, ...events: EventOn<T>[]): Promise<void> {
    for (const event of events) this.append(topic, event);
    await this.settle();
  }

  /** Appends without running anything: builds a backlog. */
  append<T extends Topic>(topic: T, event: EventOn<T>): number {
    this.registerTypes(topic);
    const key = topic.key(event);
    return this.broker.append({
      topic: topic.name,
      partition: 0,
      key,
      value: this.codec.encode(topic.name, event),
    });
  }

  /** Appends bytes as they are. */
  async pipeBytes(topic: Topic, key: string, value: Buffer | null): Promise<void> {
    this.broker.append({ topic: topic.name, partition: 0, key, value });
    await this.settle();
  }

  /** Moves time forward by `ms`, stopping at every timer that comes due on the way. */
  async advance(ms: number): Promise<void> {
    const target = this.clock.now() + ms;
    await this.settle();
    for (;;) {
      const due = Math.min(...[...this.apps.values()].map(({ task }) => task.nextTimerAt));
      if (due > target) break;
      this.clock.moveTo(Math.max(due, this.clock.now()));
      await this.settle();
    }
    this.clock.moveTo(target);
    await this.settle();
  }

  /** The events written to a topic since the last `take` of it. */
  take<T extends Topic>(topic: T): readonly EventOn<T>[] {
    const all = this.events(topic);
    const from = this.taken.get(topic.name) ?? 0;
    this.taken.set(topic.name, all.length);
    return all.slice(from);
  }

  /** All events of a topic, by whomever they were written. */
  events<T extends Topic>(topic: T): readonly EventOn<T>[] {
    this.registerTypes(topic);
    return this.broker.recordsOf({ topic: topic.name, partition: 0 }).flatMap(({ value }) => {
      const decoded = this.codec.decode(value);
      return decoded.kind === 'event' ? [decoded.event as EventOn<T>] : [];
    });
  }

  deadLetters(): readonly EventOf<'DeadLetter'>[] {
    return this.events(DEAD_LETTERS);
  }

  /** The state at `key` of an app, without its timers; undefined when there is none. */
  async state<S extends EventType>(app: string, key: string): Promise<StateOf<S> | undefined> {
    return (await this.driven(app).task.stateAt(key)) as StateOf<S> | undefined;
  }

  /** A kill and a new start: fence, restore, go on. `lost`: from the changelog alone. */
  async restart(app: string, { store }: { readonly store: 'kept' | 'lost' }): Promise<void> {
    const driven = this.driven(app);
    await driven.reader.close();
    await this.takeOver(driven.app, store === 'kept' ? driven.store : new MemoryStore());
    await this.settle();
  }

  /** Takes the app's task as a second process would; the first is a zombie from here on. */
  private async takeOver(app: StreamApp, store: MemoryStore): Promise<void> {
    const { broker, clock, codec } = this;
    const decoder = new RecordDecoder(app, codec, clock, new AbortController().signal);
    const task = await takeTask(
      {
        app,
        partitions: 1,
        deadLetters: DEAD_LETTERS,
        broker,
        decoder,
        clock,
        clockSlackMs: 0,
        openProducer: () => broker.openProducer(`${app.name}-0`),
        stores: {
          open: () => Promise.resolve(store),
          destroy: () => store.clear(),
          partitions: () => [0],
        },
        wanted: () => true,
        learn: (ids) => decoder.learn(ids),
        inTurn: (build) => build(),
        restoring: () => undefined,
        progress: () => undefined,
        restored: () => undefined,
      },
      0,
    );
    const reader = broker.openReader();
    for (const { name } of app.inputs) {
      const place = { topic: name, partition: 0 };
      reader.assign(place, task.positions.get(`${name}-0`) ?? 0);
    }
    this.apps.set(app.name, { app, store, task, reader });
  }

  private async settle(): Promise<void> {
    for (let steps = 0; steps < STEPS_MAX; steps += 1) {
      let worked = false;
      for (const { task, reader } of this.apps.values()) {
        for (const fetched of await reader.poll(0)) task.offer(fetched);
        worked = (await task.step()).kind === 'worked' || worked;
      }
      if (!worked) return;
    }
    throw new Error('the apps do not come to rest: they feed each other without end');
  }

  private driven(app: string): DrivenApp {
    const driven = this.apps.get(app);
    if (driven === undefined) throw new Error(`the driver does not run ${app}`);
    return driven;
  }

  private registerTypes({ name, types }: Topic): void {
    this.codec.registerLocally(name, types);
  }
}

function driverCodec(apps: readonly StreamApp[], records: RecordTypes): Codec {
  const topics = apps.flatMap(({ inputs, outputs, changelog }) => [
    ...inputs,
    ...outputs,
    changelog,
    DEAD_LETTERS,
  ]);
  return Codec.local(records, topics);
}
