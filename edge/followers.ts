/**
 * What the edge reads from Kafka for as long as it runs: the catalog and the live feed. Both begin
 * once the log is open, and end together.
 */
import type { Clock } from '../platform/clock';
import { RuntimeError } from '../streams/runtime/errors';
import type { Logger } from '../streams/runtime/logger';
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
    private readonly options: {
      readonly partitions: number;
      readonly clock: Clock;
      readonly logger: Logger;
    },
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
    const { clock, logger } = this.options;
    const opened = await eventually(open, {
      ...{ clock, pauseMs: limits.logReconnectMs, signal },
      mayPass: isTopicMissing,
      onRetry: (error) =>
        logger.warn({ reason: String(error) }, 'cannot follow Kafka yet; retrying'),
    });
    if (opened === undefined) return;
    this.running.add(opened.follower);
    if (signal.aborted) opened.follower.stop();
    await opened.run();
  }
}

/** The first streams process makes the topics, and on a new cluster the edge may be there before. */
function isTopicMissing(error: unknown): boolean {
  return error instanceof RuntimeError && error.code === 'UNKNOWN_TOPIC';
}
