/**
 * The same thing asked of several alerts, one request after the other. What always holds: each alert
 * is named with the version that was looked at, so that what somebody else changed meanwhile stays as
 * it is; and the same alert asked again after a failure carries the same Idempotency-Key.
 */
import type { AlertView } from '../../edge/contract/api-types';
import type { Answer, Failure } from '../api/answer';
import { CommandKey } from '../parts/command-key';

export interface BulkResult {
  readonly asked: number;
  readonly done: number;
  /** Changed by somebody else since they were looked at; nothing was done. */
  readonly changed: readonly string[];
  readonly failed: number;
  /** Why the last of those failed. */
  readonly failure: Failure | undefined;
}

export class BulkCommand {
  private readonly keys = new Map<string, CommandKey>();

  async run<B>(
    alerts: readonly AlertView[],
    what: string,
    bodyOf: (alert: AlertView) => B,
    send: (alert: AlertView, body: B, idempotencyKey: string) => Promise<Answer<unknown>>,
  ): Promise<BulkResult> {
    let done = 0;
    let failed = 0;
    let failure: Failure | undefined;
    const changed: string[] = [];
    for (const alert of alerts) {
      const body = bodyOf(alert);
      const key = this.keyOf(alert.alertId).of(what, body);
      const answer = await send(alert, body, key);
      if (answer.kind === 'ok') {
        done += 1;
        this.keys.delete(alert.alertId);
      } else if (answer.kind === 'refused' && answer.status === 409) {
        changed.push(alert.alertId);
      } else {
        failed += 1;
        failure = answer;
      }
    }
    return { asked: alerts.length, done, changed, failed, failure };
  }

  private keyOf(alertId: string): CommandKey {
    const key = this.keys.get(alertId) ?? new CommandKey();
    this.keys.set(alertId, key);
    return key;
  }
}
