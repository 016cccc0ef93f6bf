/**
 * Bytes to events for one app: knows which events its inputs may carry and which keys they need.
 * Schemas that the codec does not know yet are asked for between two rounds, as long as it takes:
 * a registry that cannot be reached is waited for, it never makes a dead letter. A schema that it
 * does not have is waited for as well, but for `schemaPatienceMs` only (D1).
 */
import type { Codec } from '../../../platform/avro/codec';
import { RegistryUnreachableError } from '../../../platform/avro/schema-registry';
import type { StreamApp } from '../app';
import type { LogRecord } from '../broker';
import type { Clock } from '../../../platform/clock';
import { RuntimeError } from '../errors';
import { TASK_LIMITS } from '../limits';
import type { QueuedRecord } from './input-queue';
import { decodeState } from './state-record';
import type { Entry } from './entry';

export class RecordDecoder {
  private readonly typesByTopic: ReadonlyMap<string, ReadonlySet<string>>;
  private readonly heeded: ReadonlySet<string> | undefined;
  private readonly missing = new Set<number>();
  /** When the registry was asked first and did not answer, ms since the epoch. */
  private awaySince: number | undefined;

  constructor(
    private readonly app: StreamApp,
    readonly codec: Codec,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {
    this.typesByTopic = new Map(app.inputs.map(({ name, types }) => [name, new Set(types)]));
    this.heeded = app.heeds === undefined ? undefined : new Set(app.heeds);
  }

  /** Undefined when its schema must be learned first (`learnMissing`). */
  record(record: LogRecord): QueuedRecord | undefined {
    if (this.isPassedOver(record)) return { kind: 'passed-over', record };
    const decoded = this.codec.decode(record.value);
    switch (decoded.kind) {
      case 'unknown-schema':
        this.missing.add(decoded.schemaId);
        return undefined;
      case 'undecodable':
        return { kind: 'bad', record, errorCode: decoded.errorCode, reason: decoded.reason };
      case 'event': {
        const { event } = decoded;
        if (this.typesByTopic.get(record.topic)?.has(event.type) !== true) {
          const reason = `${event.type} does not belong on ${record.topic}`;
          return { kind: 'bad', record, errorCode: 'UNEXPECTED_TYPE', reason };
        }
        try {
          return { kind: 'event', record, event, keys: this.app.keys(event) };
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          return { kind: 'bad', record, errorCode: 'HANDLER_FAILED', reason };
        }
      }
    }
  }

  /** Whether it belongs on its topic and the app does not heed it. */
  private isPassedOver({ topic, value }: LogRecord): boolean {
    if (this.heeded === undefined) return false;
    const type = this.codec.typeOf(value);
    if (type === undefined || this.heeded.has(type)) return false;
    return this.typesByTopic.get(topic)?.has(type) === true;
  }

  /** Since when the registry is waited for; undefined while it is not. */
  get registryAwaySince(): number | undefined {
    return this.awaySince;
  }

  /** At once, unless its schema must be learned first. */
  state(key: string, value: Buffer): Entry | Promise<Entry> {
    const decoded = decodeState(this.codec, key, value);
    if (decoded.kind === 'entry') return decoded.entry;
    return this.learn([decoded.schemaId]).then(() => this.state(key, value));
  }

  async learnMissing(): Promise<void> {
    await this.learn(this.missing);
    this.missing.clear();
  }

  /** Throws STALE_ASSIGNMENT when the app stops while the registry is away. */
  async learn(schemaIds: Iterable<number>): Promise<void> {
    const ids = [...schemaIds];
    for (;;) {
      try {
        await this.codec.learn(ids);
        this.awaySince = undefined;
        return;
      } catch (error) {
        if (!(error instanceof RegistryUnreachableError)) throw error;
        this.awaySince ??= this.clock.now();
        await this.clock.sleep(TASK_LIMITS.retryBackoffMs, this.signal);
        if (this.signal.aborted) {
          throw new RuntimeError('STALE_ASSIGNMENT', 'stopped while the registry was unreachable');
        }
      }
    }
  }
}
