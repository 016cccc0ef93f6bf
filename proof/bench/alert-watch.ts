/** Reads alerts as anybody may, committed ones only, and notes when each could be read. */
import type { Codec } from '../../platform/avro/codec';
import type { EventOf } from '../../schemas/event';
import type { Broker } from '../../streams/runtime/broker';
import { placesOf } from './bench-ground';

export interface SeenAlert {
  readonly alert: EventOf<'AlertRaised'>;
  /** ms since the epoch, by the clock of the machine that the broker stamps its log with. */
  readonly seenAt: number;
}

const POLL_MS = 500;

export class AlertWatch {
  private readonly values: { readonly value: Buffer; readonly seenAt: number }[] = [];
  private readonly reader;
  private readonly reading: Promise<void>;
  private ended = false;

  /** From the beginning of the topic on. */
  constructor(
    broker: Broker,
    private readonly codec: Codec,
    topic: string,
  ) {
    this.reader = broker.openReader();
    for (const place of placesOf(topic)) this.reader.assign(place, 0);
    this.reading = this.read();
    // Whoever ends the watch hears of it.
    this.reading.catch(() => undefined);
  }

  /** Decoded only here: while it is measured, the reader has the processor for as short as can be. */
  async end(): Promise<readonly SeenAlert[]> {
    this.ended = true;
    this.reader.wake();
    await this.reading;
    await this.reader.close();
    return this.values.map(({ value, seenAt }) => ({ alert: this.alertIn(value), seenAt }));
  }

  private async read(): Promise<void> {
    while (!this.ended) {
      const fetched = await this.reader.poll(POLL_MS);
      const seenAt = Date.now();
      for (const { records } of fetched) {
        for (const { value } of records) if (value !== null) this.values.push({ value, seenAt });
      }
    }
  }

  private alertIn(value: Buffer): EventOf<'AlertRaised'> {
    const decoded = this.codec.decode(value);
    if (decoded.kind !== 'event' || decoded.event.type !== 'AlertRaised') {
      throw new Error('what stands among the alerts is none');
    }
    return decoded.event;
  }
}
