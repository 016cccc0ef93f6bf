/**
 * Where Kafka and the schema registry are for other clients, so that a command to copy works as it
 * stands. Operators are told; for anybody else there is no address and no command.
 */
import { shallowRef } from 'vue';
import type { EdgeApi } from './api/edge-api';
import { Backoff } from './backoff';
import type { KcatAddress } from './text/log-place';

export class LogAddress {
  readonly value = shallowRef<KcatAddress | null>(null);
  private readonly backoff = new Backoff();
  private started = false;
  private again: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly api: Pick<EdgeApi, 'topics'>) {}

  start(): void {
    if (this.started) return;
    this.started = true;
    void this.read();
  }

  /** Forgets it: the next to sign in may not be an operator. */
  stop(): void {
    this.started = false;
    clearTimeout(this.again);
    this.value.value = null;
  }

  private async read(): Promise<void> {
    const answer = await this.api.topics();
    if (!this.started) return;
    if (answer.kind === 'ok') this.value.value = answer.value;
    else this.again = setTimeout(() => void this.read(), this.backoff.nextMs());
  }
}
