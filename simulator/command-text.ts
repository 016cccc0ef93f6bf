/** Payments, webhooks and faults as the command line prints them, one line each. */
import type { PaymentView } from './control-view';
import { FAULTS_BY_KIND } from './fault-mix';
import type { MixSource } from './fault-plays';
import type { DeliveryResult, Webhook } from './webhook-log';

export function paymentLine(payment: PaymentView): string {
  const { merchantPaymentId, status, amount, lapsed, play } = payment;
  const late = status === 'CREATED' && lapsed ? ' (expired)' : '';
  const faults = play === null ? '' : `  faults: ${mixText(play.faults)}, ${play.phase.kind}`;
  return `${merchantPaymentId}  ${status}${late}  ${amount} JPY  ${deliveryText(payment)}${faults}`;
}

/** How its webhooks were answered, as far as this run of the simulator knows. */
export function deliveryText({ deliveries, isOlderThanLog }: PaymentView): string {
  if (deliveries.sent > 0) {
    const since = isOlderThanLog ? ' since the restart' : '';
    return `webhooks accepted ${deliveries.accepted} of ${deliveries.sent}${since}`;
  }
  return isOlderThanLog ? 'webhooks: not known from before the restart' : 'no webhook was sent';
}

export function webhookLine({
  webhookId,
  createdAt,
  body,
  text,
  phase,
  origin,
  attempts,
}: Webhook): string {
  const { state = text === undefined ? 'no state' : 'malformed' } = (body ?? {}) as {
    state?: string;
  };
  const answers = attempts.map(({ result }) => resultText(result)).join(', ');
  return `  ${clockTime(createdAt)}  ${webhookId}  ${state} ${origin} ${phase} [${answers}]`;
}

/** With its zone: whoever reads it may not sit where the simulator runs. */
export function clockTime(at: number): string {
  const [, time = '', zone = ''] = /^(\S+) GMT([+-]\d{4})/.exec(new Date(at).toTimeString()) ?? [];
  return `${time}${zone}`;
}

export function sourceText(source: MixSource): string {
  if (source.kind === 'off') return 'new orders have no faults and are played by nobody';
  const among = source.among.length === 0 ? 'no faults' : `faults among ${source.among.join(', ')}`;
  return `new orders are played by themselves, with ${among}, drawn from seed ${source.seed}`;
}

export function faultNames(): string {
  const kinds = Object.entries(FAULTS_BY_KIND);
  return kinds.map(([kind, faults]) => `  ${kind.padEnd(10)} ${faults.join(', ')}`).join('\n');
}

function mixText(faults: readonly string[]): string {
  return faults.length === 0 ? 'none' : faults.join(' + ');
}

function resultText(result: DeliveryResult): string {
  switch (result.kind) {
    case 'answered':
      return String(result.status);
    case 'timeout':
      return 'timeout';
    case 'unreachable':
      return 'unreachable';
  }
}
