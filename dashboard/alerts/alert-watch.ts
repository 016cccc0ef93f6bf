/**
 * Keeps the board of alerts up to date while an operator is signed in: the room `ops`, and the edge's
 * list when the room cannot be entered, so that a list is there even without live updates.
 */
import { shallowRef } from 'vue';
import type { OpsSnapshot, OrderSnapshot, TimelineEntry } from '../../edge/contract/api-types';
import type { Answer, Failure } from '../api/answer';
import type { EdgeApi } from '../api/edge-api';
import type { LiveConnection, Refusal, RoomListener } from '../live/live-connection';
import {
  emptyBoard,
  isResolved,
  reopenedElsewhere,
  withAlerts,
  withEvents,
  withoutAlert,
  type AlertBoard,
} from './alert-board';

/** Events of so long are put on the screen together, so that a storm of alerts stays readable. */
const GATHER_MS = 50;

/** How late the count is, while there are more alerts than one list holds. */
const COUNT_EVERY_MS = 5_000;

export type Totals = Pick<OpsSnapshot, 'total' | 'moneyAtRisk'>;

export type WatchState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'live' }
  /** The board was read, but nothing new will come by itself. */
  | { readonly kind: 'not-live'; readonly failure: Trouble }
  /** There is nothing to show, which must not look like an empty board. */
  | { readonly kind: 'failed'; readonly failure: Trouble };

/** Why, by the words of the room or of a request; failureWords says it. */
export type Trouble = Refusal | Failure;

export class AlertWatch implements RoomListener {
  readonly board = shallowRef<AlertBoard>(emptyBoard);
  readonly state = shallowRef<WatchState>({ kind: 'loading' });
  /** What is not resolved in all, when it is more than one list holds; null: the board has it all. */
  readonly totals = shallowRef<Totals | null>(null);
  private counting: ReturnType<typeof setTimeout> | undefined;
  private gathered: TimelineEntry[] = [];
  private gathering: ReturnType<typeof setTimeout> | undefined;
  private leave: (() => void) | undefined;

  constructor(
    private readonly api: EdgeApi,
    private readonly live: Pick<LiveConnection, 'enter'>,
  ) {}

  start(): void {
    this.leave ??= this.live.enter('ops', this);
  }

  /** Forgets everything: the next to sign in may not be an operator. */
  stop(): void {
    this.leave?.();
    this.leave = undefined;
    clearTimeout(this.gathering);
    clearTimeout(this.counting);
    this.totals.value = null;
    this.gathering = undefined;
    this.gathered = [];
    this.board.value = emptyBoard;
    this.state.value = { kind: 'loading' };
  }

  snapshot(snapshot: OpsSnapshot | OrderSnapshot): void {
    if (snapshot.kind !== 'ops') return;
    const before = [...this.board.value.alerts.values()];
    const held = new Set(snapshot.alerts.map(({ alertId }) => alertId));
    this.board.value = withAlerts(this.board.value, snapshot.alerts);
    this.state.value = { kind: 'live' };
    this.takeTotals(snapshot);
    // It was open here and is not any more: what became of it happened while nobody listened.
    const ended = before.filter((alert) => !isResolved(alert) && !held.has(alert.alertId));
    void this.readEnded(ended.map(({ alertId }) => alertId));
  }

  record(entry: TimelineEntry): void {
    this.gathered.push(entry);
    this.gathering ??= setTimeout(() => this.takeGathered(), GATHER_MS);
  }

  refused(refusal: Refusal): void {
    if (this.state.value.kind === 'live') {
      this.state.value = { kind: 'not-live', failure: refusal };
    }
    void this.readList(refusal);
  }

  /** Adds what is over, which the room does not tell of. */
  async readResolved(): Promise<Answer<undefined>> {
    const answer = await this.api.alerts({ status: 'RESOLVED' });
    if (answer.kind !== 'ok') return answer;
    this.board.value = withAlerts(this.board.value, answer.value.alerts);
    return { kind: 'ok', value: undefined };
  }

  /** After a command that was refused: the alert has changed. */
  async readAgain(alertId: string): Promise<void> {
    await this.read(alertId);
  }

  /** The list is read again while it is cut: its rest comes in as alerts are resolved. */
  private takeTotals(list: Pick<OpsSnapshot, 'alerts' | 'total' | 'moneyAtRisk'>): void {
    const { total, moneyAtRisk } = list;
    clearTimeout(this.counting);
    this.totals.value = total > list.alerts.length ? { total, moneyAtRisk } : null;
    if (this.totals.value !== null) {
      this.counting = setTimeout(() => void this.count(), COUNT_EVERY_MS);
    }
  }

  private async count(): Promise<void> {
    const answer = await this.api.alerts({});
    if (this.totals.value === null) return;
    if (answer.kind === 'ok') {
      this.board.value = withAlerts(this.board.value, answer.value.alerts);
      this.takeTotals(answer.value);
    } else {
      this.counting = setTimeout(() => void this.count(), COUNT_EVERY_MS);
    }
  }

  private takeGathered(): void {
    this.gathering = undefined;
    this.board.value = withEvents(this.board.value, this.gathered);
    this.gathered = [];
    // One that cannot be read now is retried with the next events.
    for (const alertId of reopenedElsewhere(this.board.value)) void this.read(alertId);
  }

  /** One after the other: after a long absence they may be many. */
  private async readEnded(alertIds: readonly string[]): Promise<void> {
    for (const alertId of alertIds) {
      // An alert of which nothing can be learned must not stay on the screen as an open one.
      if (!(await this.read(alertId))) this.board.value = withoutAlert(this.board.value, alertId);
    }
  }

  private async read(alertId: string): Promise<boolean> {
    const answer = await this.api.alert(alertId);
    if (answer.kind !== 'ok') return false;
    this.board.value = withAlerts(this.board.value, [answer.value.alert]);
    return true;
  }

  private async readList(refusal: Refusal): Promise<void> {
    const answer = await this.api.alerts({});
    if (this.state.value.kind === 'live') return;
    if (answer.kind === 'ok') {
      this.board.value = withAlerts(this.board.value, answer.value.alerts);
      this.takeTotals(answer.value);
      this.state.value = { kind: 'not-live', failure: refusal };
      return;
    }
    const known = this.board.value.alerts.size > 0;
    this.state.value = { kind: known ? 'not-live' : 'failed', failure: answer };
  }
}
