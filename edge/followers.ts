/**
 * What the edge reads from Kafka for as long as it runs: the catalog and the live feed. Both begin
 * once the log is open, and end together.
 */
import type { Clock } from '../platform/clock';
import { eventually } from '../streams/runtime/patience';
import { followCatalog, type CatalogTable } from './log/catalog';
import type { LogConnection } from './log/log-connection';
import type { OpenedFollower, RecordFollower } from './log/record-follower';
import { limits } from './limits';
import type { LiveFeed } from './push/live-feed';

export class Followers {
  private readonly stopping = new AbortController();
  private readonly running = new Set<RecordFollower>();

  constructor(
    private readonly catalog: CatalogTable,
    private readonly feed: LiveFeed,
    private readonly options: { readonly partitions: number; readonly clock: Clock },
  ) {}

  /** Resolves after `stop`; rejects on what no retry mends, which must end the process. */
  async run(connection: LogConnection): Promise<void> {
    const log = await connection.open();
    if (log === undefined) return;
    await Promise.all([
      this.follow(() => followCatalog(this.catalog, log, this.options)),
      this.follow(() => this.feed.open(log, this.options.clock)),
    ]);
  }

  stop(): void {
    this.stopping.abort();
    for (const follower of this.running) follower.stop();
  }

  private async follow(open: () => Promise<OpenedFollower>): Promise<void> {
    const { signal } = this.stopping;
    const { clock } = this.options;
    const opened = await eventually(open, { clock, pauseMs: limits.logReconnectMs, signal });
    if (opened === undefined) return;
    this.running.add(opened.follower);
    if (signal.aborted) opened.follower.stop();
    await opened.run();
  }
}
