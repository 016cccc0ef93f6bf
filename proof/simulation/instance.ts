/**
 * One instance of an app: its disk, and one process after the other. A process that was killed, or
 * that ended because a dependency failed it, is restarted; one that died of a bug is not.
 */
import { MemoryConnection } from '../../streams/runtime/memory/memory-connection';
import type { MemoryCluster } from '../../streams/runtime/memory/memory-cluster';
import type { Broker } from '../../streams/runtime/broker';
import { recoveryOf } from '../../streams/runtime/errors';
import type { AppHealth, RunningApp } from '../../streams/runtime/running-app';
import type { AppKind, Ports } from './app-kinds';
import { Disk } from './disk';
import { Host, type HostOptions } from './host';
import { overlaid } from './overlaid-broker';
import type { FaultPlan } from './fault-plan';
import type { Random } from './random';
import { HEARTBEAT_INTERVAL_MS } from './settings';

export interface InstanceOptions extends Pick<HostOptions, 'scheduler' | 'trace'> {
  readonly kind: AppKind;
  readonly name: string;
  readonly cluster: MemoryCluster;
  readonly random: Random;
  readonly faults: () => FaultPlan | undefined;
  /** The ports that have nothing to do with Kafka or the disk. */
  readonly surroundings: (host: Host) => Pick<Ports, 'codec' | 'paypay' | 'database'>;
  /** Lets a test put something between a process and its ports. */
  readonly wrap: (ports: Ports) => Ports;
  /** An app died: a bug. */
  readonly died: (name: string, error: unknown) => void;
}

const RESTART_MS = [50, 3_000] as const;
/** A quiet minute costs little when polls are long; a wake ends them all the same. */
const POLL_MS = 2_000;
const RECORDS_PER_FETCH = [1, 40] as const;

export class Instance {
  readonly disk = new Disk();
  private host: Host | undefined;
  private app: RunningApp | undefined;
  private starts = 0;

  constructor(private readonly options: InstanceOptions) {
    this.start();
  }

  get name(): string {
    return this.options.name;
  }

  /** The process that lives now. */
  get process(): Host | undefined {
    return this.host?.isDead === true ? undefined : this.host;
  }

  health(): AppHealth | undefined {
    return this.app?.health();
  }

  /** An orderly stop; it comes back by itself. */
  restart(): void {
    const { host, app } = this;
    if (host?.isRunning !== true || app === undefined) return;
    this.options.trace(host.name, () => 'stops');
    void app.stop();
  }

  private start(): void {
    const { name, random, scheduler, faults, trace } = this.options;
    this.starts += 1;
    const skewMax = faults()?.clockSkewMaxMs ?? 0;
    const host = new Host({
      name: `${name}#${this.starts}`,
      scheduler,
      random,
      faults,
      trace,
      skewMs: random.between(-skewMax, skewMax),
      onDeath: () => this.startLater(),
    });
    this.host = host;
    this.app = undefined;
    void this.run(host);
  }

  private startLater(): void {
    const { random, scheduler, faults, trace, name } = this.options;
    this.app = undefined;
    scheduler.after(random.between(...RESTART_MS), () => {
      if (random.chance(faults()?.diskLoss ?? 0)) {
        trace(name, () => 'comes back without its disk');
        this.disk.lose();
      }
      this.start();
    });
  }

  private async run(host: Host): Promise<void> {
    const { died, kind, trace } = this.options;
    try {
      const app = await kind.start(this.options.wrap(this.ports(host)));
      this.app = app;
      await app.ended;
      trace(host.name, () => 'ended');
    } catch (error) {
      trace(host.name, () => `ended: ${String(error)}`);
      if (recoveryOf(error) === 'die') {
        died(host.name, error);
        return;
      }
    }
    host.exit();
    this.startLater();
  }

  private ports(host: Host): Ports {
    const { cluster, name, random, surroundings, trace } = this.options;
    const connection = new MemoryConnection({
      cluster,
      clock: host.clock,
      link: host.link,
      heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS,
      recordsPerFetchMax: () => random.between(...RECORDS_PER_FETCH),
    });
    const say = (fields: object, message: string) =>
      trace(host.name, () => `${message} ${JSON.stringify(fields)}`);
    return {
      ...surroundings(host),
      broker: withLongPolls(connection),
      stores: this.disk.mount(host),
      clock: host.clock,
      logger: { info: say, warn: say, error: say },
      memberIdFile: name,
    };
  }
}

function withLongPolls(broker: MemoryConnection): Broker {
  const openReader = () => {
    const reader = broker.openReader();
    const poll = reader.poll.bind(reader);
    return Object.assign(reader, { poll: () => poll(POLL_MS) });
  };
  return overlaid(broker, { openReader });
}
