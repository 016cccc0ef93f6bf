/**
 * What the group gives and takes, handed to the loop that does the work. The group's callbacks
 * resolve once the loop has taken the change, which it does between two batches.
 */
import type { Assignment, MembershipListener, TopicPartition } from '../runtime/broker';

interface Change {
  readonly partitions: readonly TopicPartition[];
  readonly taken: () => void;
}

export class AssignmentChanges implements MembershipListener {
  private waiting: Change[] = [];
  private failure: Error | undefined;
  private closed = false;

  /** `wake`: the loop may be asleep. */
  constructor(private readonly wake: () => void) {}

  assigned({ partitions }: Assignment): Promise<void> {
    return this.hand(partitions);
  }

  revoked(): Promise<void> {
    return this.hand([]);
  }

  lost(): void {
    void this.hand([]);
  }

  failed(error: Error): void {
    this.failure = error;
    this.wake();
  }

  get pending(): boolean {
    return this.waiting.length > 0 || this.failure !== undefined;
  }

  /** What is held now, or undefined when nothing has changed. Throws what ended the membership. */
  take(): readonly TopicPartition[] | undefined {
    if (this.failure !== undefined) throw this.failure;
    const changes = this.waiting;
    this.waiting = [];
    for (const { taken } of changes) taken();
    return changes.at(-1)?.partitions;
  }

  /** The loop is over: nobody needs to wait for it any more. */
  close(): void {
    this.closed = true;
    for (const { taken } of this.waiting) taken();
    this.waiting = [];
  }

  private hand(partitions: readonly TopicPartition[]): Promise<void> {
    if (this.closed) return Promise.resolve();
    return new Promise((resolve) => {
      this.waiting.push({ partitions, taken: resolve });
      this.wake();
    });
  }
}
