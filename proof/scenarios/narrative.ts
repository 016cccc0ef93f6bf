/** What happens on the topics, told in one line an event, as it happens. */
import type { AnyEvent } from '../../schemas/event';
import type { EventLog, LoggedEvent } from './event-log';

/** What people want to hear of; the rest are steps between. */
const TOLD = new Set<AnyEvent['type']>([
  'OrderCreated',
  'StockReserved',
  'StockReservationRejected',
  'FundsHeld',
  'FundsHoldRejected',
  'OrderWaitingPayment',
  'PaymentCodeIssued',
  'PaymentNotificationReceived',
  'PaymentSucceeded',
  'PaymentFailed',
  'PaymentExpired',
  'OrderPaid',
  'OrderFailed',
  'OrderPaymentRecorded',
  'AlertRaised',
  'AlertResolved',
  'DeadLetter',
]);

const ORDER_DIGITS = 8;

export function narrate(log: EventLog, say: (line: string) => void): void {
  log.watch((logged) => {
    if (TOLD.has(logged.event.type)) say(line(logged));
  });
}

function line({ event, record }: LoggedEvent): string {
  const { orderId } = event as { readonly orderId?: string };
  const time = new Date(record.timestamp).toISOString().slice(11, 23);
  const place = `${record.topic}-${String(record.partition)}@${String(record.offset)}`;
  const order = orderId?.slice(0, ORDER_DIGITS) ?? '-'.repeat(ORDER_DIGITS);
  return `${time}  ${order}  ${event.type.padEnd(28)} ${detail(event).padEnd(44)} ${place}`;
}

function detail(event: AnyEvent): string {
  switch (event.type) {
    case 'StockReserved':
      return `${String(event.quantity)} × ${event.sku} at ¥${String(event.unitPrice)}`;
    case 'StockReservationRejected':
      return `${event.sku}: ${event.reason}`;
    case 'FundsHeld':
    case 'PaymentCodeIssued':
    case 'OrderPaid':
      return `¥${String(event.amount)}`;
    case 'OrderWaitingPayment':
      return `¥${String(event.totalAmount)}`;
    case 'PaymentNotificationReceived':
      return `${event.state} (${event.verdict})`;
    case 'PaymentSucceeded':
      return `¥${String(event.amount)}, settled by ${event.settledBy}`;
    case 'PaymentFailed':
    case 'OrderFailed':
      return event.reason;
    case 'OrderPaymentRecorded':
      return `${event.paymentEventType} while ${event.orderStatus}`;
    case 'AlertRaised':
      return `${event.rule} ${event.severity}: ${event.observed}`;
    case 'AlertResolved':
      return `${event.rule} by ${event.resolvedBy}`;
    case 'DeadLetter':
      return `${event.errorCode}: ${event.reason}`;
    default:
      return '';
  }
}
