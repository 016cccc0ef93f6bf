/**
 * T1 under time that is late and disordered: whatever was down, idle, behind or off, the log alone
 * says what was in time. The inputs are read by hand, one long before the other.
 */
import { ManualClock } from '../../../../platform/manual-clock';
import { MemoryBroker } from '../../../../streams/runtime/memory-broker';
import { MemoryStore } from '../../../../streams/runtime/store/memory-store';
import { RecordDecoder } from '../../../../streams/runtime/task/record-decoder';
import type { RunningTask } from '../../../../streams/runtime/task/running-task';
import { takeTask } from '../../../../streams/runtime/task/take';
import { GRACE_MS, answer, probe, request } from '../probe-app';
import { probeCodec } from '../probe-fixture';

const { app, requests, answers, results, deadLetters } = probe();
const codec = probeCodec('probe');
const START = 1_000_000;
const SLACK_MS = 100;

/** The brokers have a clock, and the process has one. */
class Scene {
  readonly brokerClock = new ManualClock(START);
  readonly clock = new ManualClock(START);
  readonly broker = new MemoryBroker(this.brokerClock);
  private task: RunningTask | undefined;

  /** Both clocks. */
  moveTo(time: number): void {
    this.brokerClock.moveTo(time);
    this.clock.moveTo(time);
  }

  append(
    topic: typeof requests | typeof answers,
    event: ReturnType<typeof request | typeof answer>,
  ) {
    const value = codec.encode(topic.name, event);
    this.broker.append({ topic: topic.name, partition: 0, key: event.orderId, value });
  }

  async start(): Promise<void> {
    const { broker, clock } = this;
    const decoder = new RecordDecoder(app, codec, clock, new AbortController().signal);
    this.task = await takeTask(
      {
        ...{ app, partitions: 1, deadLetters, broker, decoder, clock },
        clockSlackMs: SLACK_MS,
        openProducer: () => broker.openProducer(`${app.name}-0`),
        stores: {
          open: () => Promise.resolve(new MemoryStore()),
          destroy: () => Promise.resolve(),
          partitions: () => [],
        },
        wanted: () => true,
        learn: () => Promise.resolve(),
        inTurn: (build) => build(),
        restoring: () => undefined,
        progress: () => undefined,
        restored: () => undefined,
      },
      0,
    );
  }

  /** Hands the task all that one topic holds and lets it work until it can do no more. */
  async read(...topics: readonly (typeof requests | typeof answers)[]): Promise<void> {
    for (const { name } of topics) {
      const reader = this.broker.openReader();
      const input = this.running.inputViews.find(({ place }) => place.topic === name);
      reader.assign({ topic: name, partition: 0 }, input?.readTo ?? 0);
      for (const fetched of await reader.poll(0)) this.running.offer(fetched);
      await reader.close();
    }
    while ((await this.running.step()).kind === 'worked');
  }

  outcomes(): readonly string[] {
    return this.broker.recordsOf({ topic: results.name, partition: 0 }).map(({ value }) => {
      const decoded = codec.decode(value);
      if (decoded.kind !== 'event') throw new Error(decoded.kind);
      const { type } = decoded.event;
      return `${type} ${'orderId' in decoded.event ? decoded.event.orderId : ''}`;
    });
  }

  private get running(): RunningTask {
    if (this.task === undefined) throw new Error('not started');
    return this.task;
  }
}

let scene: Scene;

beforeEach(() => {
  scene = new Scene();
});

describe('a backlog of one topic that is read long before the other', () => {
  beforeEach(async () => {
    for (let order = 0; order < 300; order += 1) {
      scene.append(requests, request(`o${String(order)}`));
    }
    scene.moveTo(START + GRACE_MS - 1);
    for (let order = 0; order < 299; order += 1) {
      scene.append(answers, answer(`o${String(order)}`));
    }
    scene.moveTo(START + 60 * 60 * 1_000);
    await scene.start();
  });

  test('raises nothing while the other has not been read', async () => {
    await scene.read(requests);
    expect(scene.outcomes()).toEqual([]);
  });

  test('then raises just what the other does not answer', async () => {
    await scene.read(requests);
    await scene.read(answers);
    await scene.read(requests, answers);
    expect(scene.outcomes().filter((outcome) => outcome.startsWith('FundsReleased'))).toEqual([
      'FundsReleased o299',
    ]);
    expect(scene.outcomes()).toHaveLength(300);
  });

  test('raises the same with the answers read first', async () => {
    await scene.read(answers);
    await scene.read(requests, answers);
    expect(scene.outcomes().filter((outcome) => outcome.startsWith('FundsReleased'))).toEqual([
      'FundsReleased o299',
    ]);
  });
});

describe('downtime', () => {
  test('of the writer of requests: what it asks late has its whole grace', async () => {
    await scene.start();
    scene.append(answers, answer('early'));
    scene.moveTo(START + 50 * GRACE_MS);
    scene.append(requests, request('o1'));
    await scene.read(requests, answers);
    expect(scene.outcomes()).toEqual(['FundsCaptured early']);
    scene.moveTo(START + 51 * GRACE_MS - 1);
    scene.append(answers, answer('o1'));
    scene.moveTo(START + 60 * GRACE_MS);
    await scene.read(requests, answers);
    expect(scene.outcomes()).toEqual(['FundsCaptured early', 'FundsCaptured o1']);
  });

  test('of the writer of answers: what it answers late was late', async () => {
    await scene.start();
    scene.append(requests, request('o1'));
    await scene.read(requests, answers);
    scene.moveTo(START + 5 * GRACE_MS);
    scene.append(answers, answer('o1'));
    await scene.read(requests, answers);
    expect(scene.outcomes()).toEqual(['FundsReleased o1', 'FundsCaptured o1']);
  });

  test('of the app itself: an answer in time is in time, however late it is read', async () => {
    scene.append(requests, request('o1'));
    scene.moveTo(START + GRACE_MS - 1);
    scene.append(answers, answer('o1'));
    scene.moveTo(START + 1_000 * GRACE_MS);
    await scene.start();
    await scene.read(requests, answers);
    expect(scene.outcomes()).toEqual(['FundsCaptured o1']);
  });
});

test('an idle partition holds nobody up: its end is looked at, and time passes it', async () => {
  await scene.start();
  scene.append(requests, request('o1'));
  await scene.read(requests);
  expect(scene.outcomes()).toEqual([]);
  scene.moveTo(START + GRACE_MS + SLACK_MS);
  await scene.read();
  expect(scene.outcomes()).toEqual(['FundsReleased o1']);
});

describe('clocks that differ', () => {
  test('within the slack a fast one does not fire over an answer that is still to be logged', async () => {
    await scene.start();
    scene.append(requests, request('o1'));
    await scene.read(requests, answers);
    // The process believes that the deadline has passed; at the brokers it has not.
    scene.clock.moveTo(START + GRACE_MS + SLACK_MS - 1);
    scene.brokerClock.moveTo(START + GRACE_MS - 1);
    await scene.read(requests, answers);
    expect(scene.outcomes()).toEqual([]);
    scene.append(answers, answer('o1'));
    scene.moveTo(START + 10 * GRACE_MS);
    await scene.read(requests, answers);
    expect(scene.outcomes()).toEqual(['FundsCaptured o1']);
  });

  test('a slow one fires late, and never wrong', async () => {
    await scene.start();
    scene.append(requests, request('o1'));
    await scene.read(requests, answers);
    scene.brokerClock.moveTo(START + 20 * GRACE_MS);
    await scene.read(requests, answers);
    expect(scene.outcomes()).toEqual([]);
    scene.append(answers, answer('o1'));
    // The answer's own log time shows that the deadline has passed.
    await scene.read(requests, answers);
    scene.clock.moveTo(START + 20 * GRACE_MS + SLACK_MS);
    await scene.read(requests, answers);
    expect(scene.outcomes()).toEqual(['FundsReleased o1', 'FundsCaptured o1']);
  });
});
