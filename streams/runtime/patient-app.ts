/**
 * An app from before it begins: it waits for a Kafka and a registry that are away, and is then the
 * app that was started.
 *
 *   starting (retries) ──> as the app says
 *        └──> failed, on what no retry mends
 */
import type { Clock } from '../../platform/clock';
import { messageOf } from './errors';
import { WORKER_LIMITS } from './limits';
import type { Logger } from './logger';
import { eventually } from './patience';
import type { AppHealth, RunningApp } from './running-app';

/** What an app was started with and must be given back after it has stopped. */
export interface StartedApp {
  readonly app: RunningApp;
  readonly release: () => Promise<void>;
}

export interface PatientAppOptions {
  readonly name: string;
  /** Leaves nothing behind when it rejects. */
  readonly start: () => Promise<StartedApp>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class PatientApp implements RunningApp {
  readonly name: string;
  readonly ended: Promise<void>;
  private readonly stopping = new AbortController();
  private app: RunningApp | undefined;
  /** Until it begins. */
  private before: AppHealth = { state: 'starting', tasks: [] };

  constructor(private readonly options: PatientAppOptions) {
    this.name = options.name;
    this.ended = this.live();
    // Whoever waits for `ended` learns of a failure; that nobody does must not end the process.
    this.ended.catch(() => undefined);
  }

  health(): AppHealth {
    return this.app?.health() ?? this.before;
  }

  pause(): void {
    this.app?.pause();
  }

  resume(): void {
    this.app?.resume();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    const ended = Promise.allSettled([this.ended]);
    if (this.app === undefined) {
      // An attempt in progress may wait long for a broker; nothing of it needs to be finished.
      await Promise.race([ended, this.options.clock.sleep(WORKER_LIMITS.giveUpMs)]);
    } else {
      await this.app.stop();
      await ended;
    }
  }

  private async live(): Promise<void> {
    const started = await this.begin();
    if (started === undefined) return;
    this.app = started.app;
    try {
      // Asked to stop while it began.
      if (this.stopping.signal.aborted) await started.app.stop();
      await started.app.ended;
    } finally {
      await started.release();
    }
  }

  private async begin(): Promise<StartedApp | undefined> {
    const { start, clock } = this.options;
    try {
      return await eventually(start, {
        clock,
        pauseMs: WORKER_LIMITS.startRetryMs,
        signal: this.stopping.signal,
        onRetry: (error) => this.waits(messageOf(error)),
      });
    } catch (error) {
      this.before = { state: 'failed', tasks: [], detail: messageOf(error) };
      throw error;
    }
  }

  /** One line for each new reason, not for each attempt. */
  private waits(detail: string): void {
    if (detail === this.before.detail) return;
    this.before = { state: 'starting', tasks: [], detail };
    const { name, logger } = this.options;
    logger.warn({ app: name, reason: detail }, 'cannot start yet; retrying');
  }
}
