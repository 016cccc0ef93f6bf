/**
 * One run: a cluster, PayPay, shoppers, an edge, and the production apps in processes that fail as
 * the plan says. First everything goes wrong that the seed has drawn; then faults stop, what was
 * broken comes back, and time runs on until every deadline has passed.
 */
import type { Codec } from '../../platform/avro/codec';
import { allTopics, changelogTopics, eventTopics } from '../../topics/catalogue';
import type { StreamApp } from '../../streams/runtime/app';
import { MemoryCluster } from '../../streams/runtime/memory/memory-cluster';
import { appKinds, streamApps, type Ports } from './app-kinds';
import { Edge } from './edge';
import { drawFaults, type FaultPlan } from './fault-plan';
import { followLog } from './follow-log';
import { Instance } from './instance';
import { Operators } from './operator';
import { SimulatedPayPay } from './paypay';
import { Random } from './random';
import { Scheduler } from './scheduler';
import { CODE_LIFETIME_MS, QUIET_MS } from './settings';
import { Shoppers } from './shopper';
import { simulationCodec } from './simulation-codec';
import { noTrace, type Trace } from './trace';
import { MemoryViewDatabase } from './view-database';
import { scheduleWorkload } from './workload';

/** How a test changes the world under the apps; production has none of this. */
export interface Alteration {
  readonly ports?: (ports: Ports, cluster: MemoryCluster) => Ports;
  readonly app?: (app: StreamApp) => StreamApp;
  readonly database?: (faults: () => FaultPlan | undefined) => MemoryViewDatabase;
  /** In the place of what the seed draws. */
  readonly faults?: Partial<FaultPlan>;
}

export interface WorldOptions {
  readonly seed: number;
  readonly alteration?: Alteration;
  /** Made once the scheduler is there; absent: nobody reads along. */
  readonly traceOf?: (scheduler: Scheduler, startAt: number) => Trace;
}

/** 2026-11-22T00:00:00Z. */
export const START_AT = 1_795_305_600_000;
/** Virtual time after the faults within which all must have come to rest. */
const AFTERMATH_MAX_MS = 120_000;
/** Chance that an app runs in two processes. */
const TWO_INSTANCES = 0.5;
const PARTITIONS_MAX = 3;
const FREEZE_MS = [1_000, 9_000] as const;
const OUTAGE_MS = [500, 6_000] as const;

/** Encoders are costly to make and hold no state of a run. */
let sharedCodec: Codec | undefined;

export class World {
  readonly scheduler: Scheduler;
  readonly cluster: MemoryCluster;
  readonly codec: Codec;
  readonly partitions: number;
  readonly paypay: SimulatedPayPay;
  readonly database: MemoryViewDatabase;
  readonly deaths: string[] = [];
  private readonly random: Random;
  private readonly plan: FaultPlan;
  private readonly trace: Trace;
  private faulty = true;
  private running: readonly Instance[] = [];

  constructor(private readonly options: WorldOptions) {
    this.random = new Random(options.seed);
    const { random } = this;
    this.codec = sharedCodec ??= simulationCodec();
    this.scheduler = new Scheduler(START_AT, random.fork('order of entries'));
    this.trace = options.traceOf?.(this.scheduler, START_AT) ?? noTrace;
    this.plan = { ...drawFaults(random.fork('faults')), ...options.alteration?.faults };
    this.partitions = random.between(1, PARTITIONS_MAX);
    const { scheduler, faults } = this;
    this.database = options.alteration?.database?.(faults) ?? new MemoryViewDatabase(faults);
    const markers = random.fork('markers');
    const replicas = random.fork('replicas');
    const late = (of: Random, chance: number, delayMaxMs: number, act: () => void) => {
      const delayMs = of.chance(chance) ? of.between(0, delayMaxMs) : 0;
      if (delayMs === 0) act();
      else scheduler.after(delayMs, act);
    };
    this.cluster = new MemoryCluster({
      clock: { now: () => scheduler.now, sleep: () => never },
      scheduleMarker: (write) => {
        const { lateMarker = 0, markerDelayMaxMs = 0 } = faults() ?? {};
        late(markers, lateMarker, markerDelayMaxMs, write);
      },
      scheduleReplication: (done) => {
        const { lateReplication = 0, replicationDelayMaxMs = 0 } = faults() ?? {};
        late(replicas, lateReplication, replicationDelayMaxMs, done);
      },
    });
    for (const { name } of allTopics) this.cluster.createTopic(name, this.partitions);
    const edge = new Edge({ ...this.common('edge'), codec: this.codec });
    this.paypay = new SimulatedPayPay({
      ...this.common('paypay'),
      codeLifetimeMs: CODE_LIFETIME_MS,
      deliver: (body) => edge.notify(body),
    });
    new Shoppers({ ...this.common('shoppers'), codec: this.codec, paypay: this.paypay });
    new Operators({ ...this.common('operators'), codec: this.codec, edge });
    scheduleWorkload({ ...this.common('workload'), edge });
  }

  get instances(): readonly Instance[] {
    return this.running;
  }

  async run(): Promise<void> {
    this.followLog();
    this.running = this.startInstances();
    this.scheduleFaults();
    await this.scheduler.runUntil(START_AT + this.plan.untilMs);
    this.trace('world', () => 'faults end');
    this.faulty = false;
    this.paypay.recover();
    for (const { process } of this.running) process?.wake();
    await this.untilQuiet(START_AT + this.plan.untilMs + AFTERMATH_MAX_MS);
  }

  private async untilQuiet(giveUpAt: number): Promise<void> {
    let size = -1;
    while (size !== this.cluster.size && this.scheduler.now < giveUpAt) {
      size = this.cluster.size;
      await this.scheduler.runUntil(this.scheduler.now + QUIET_MS);
    }
  }

  private readonly faults = (): FaultPlan | undefined => (this.faulty ? this.plan : undefined);

  private common(part: string) {
    const { cluster, faults, partitions, scheduler, trace } = this;
    return { cluster, faults, partitions, scheduler, trace, random: this.random.fork(part) };
  }

  private startInstances(): readonly Instance[] {
    const { alteration } = this.options;
    const apps = streamApps.map((app) => alteration?.app?.(app) ?? app);
    return appKinds(apps).flatMap((kind) => {
      const count = this.random.chance(TWO_INSTANCES) ? 2 : 1;
      return Array.from({ length: count }, (_, index) => {
        const name = `${kind.name}-${index + 1}`;
        return new Instance({
          ...this.common(name),
          kind,
          name,
          surroundings: (host) => ({
            codec: this.codec,
            paypay: this.paypay.client(host),
            database: this.database.connect(host),
          }),
          wrap: (ports) => alteration?.ports?.(ports, this.cluster) ?? ports,
          died: (process, error) => this.deaths.push(`${process}: ${stackOf(error)}`),
        });
      });
    });
  }

  private scheduleFaults(): void {
    const { plan, scheduler } = this;
    const random = this.random.fork('moments');
    const anyProcess = () => random.pick(this.running).process;
    this.repeatedly(plan.killEveryMs, random, () => anyProcess()?.kill('at random'));
    this.repeatedly(plan.restartEveryMs, random, () => random.pick(this.running).restart());
    this.repeatedly(plan.freezeEveryMs, random, () => {
      const process = anyProcess();
      process?.freeze();
      scheduler.after(random.between(...FREEZE_MS), () => process?.wake());
    });
    this.repeatedly(plan.compactEveryMs, random, () => this.compact());
    this.repeatedly(plan.outageEveryMs, random, () => {
      this.paypay.fail(random.pick(['unheard', 'done-unanswered']));
      scheduler.after(random.between(...OUTAGE_MS), () => this.paypay.recover());
    });
  }

  /** Again and again while faults last, after twice the mean time at most. */
  private repeatedly(everyMs: number, random: Random, act: () => void): void {
    if (everyMs === Infinity) return;
    this.scheduler.after(random.between(1, 2 * everyMs), () => {
      if (!this.faulty) return;
      act();
      this.repeatedly(everyMs, random, act);
    });
  }

  private compact(): void {
    this.trace('cluster', () => 'compacts');
    for (const { name, cleanup } of allTopics) {
      if (cleanup.kind !== 'compact') continue;
      for (let partition = 0; partition < this.partitions; partition += 1) {
        const log = this.cluster.log({ topic: name, partition });
        log.compact(this.scheduler.now, cleanup.deleteRetentionMs);
      }
    }
  }

  /** Tells the trace of every event as it becomes visible. */
  private followLog(): void {
    if (this.trace === noTrace) return;
    for (const { name } of [...eventTopics, ...changelogTopics]) {
      followLog(this, name, ({ partition, offset, key, value }) => {
        this.trace('log', () => {
          const decoded = this.codec.decode(value);
          const what = decoded.kind === 'event' ? decoded.event.type : decoded.kind;
          return `${name}-${partition}@${offset} ${what} ${key?.toString() ?? ''}`;
        });
      });
    }
  }
}

/** The cluster never waits by itself. */
const never = new Promise<void>(() => undefined);

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
