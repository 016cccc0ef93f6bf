/**
 * Bad input ends as a dead letter, once for every app that reads it, and good input never does.
 */
import { deadLetters } from '../../../topics/dead-letters';
import { eventTopics } from '../../../topics/catalogue';
import { paymentsGatewayRequests, paymentsNotifications } from '../../../topics/payments';
import { gatewayTopics } from '../../../streams/gateway/gateway-topics';
import { streamApps } from '../app-kinds';
import { grouped, type CommittedLog } from './committed-log';

/** What the workload brings about on purpose. */
const EXPECTED_CODES: ReadonlySet<string> = new Set([
  'NOT_WIRE_FORMAT',
  'UNREADABLE_WEBHOOK',
  'NOT_OWNER',
  'IDEMPOTENCY_CONFLICT',
  'ORDER_NEVER_CAME',
  'PARKING_FULL',
]);

export function checkDeadLetters(log: CommittedLog): readonly string[] {
  const letters = log.on(deadLetters).map(({ event }) => event);
  const placeOf = (app: string, topic: string, partition: number, offset: number) =>
    `${app}: ${topic}-${partition}@${offset}`;
  const places = grouped(letters, ({ app, topic, partition, offset }) =>
    placeOf(app, topic, partition, offset),
  );
  const unreadable = log
    .on(paymentsNotifications)
    .filter(({ event }) => event.type === 'WebhookSetAside' && event.verdict === 'UNREADABLE')
    .map(({ record: { partition, offset } }) =>
      placeOf('payments', paymentsNotifications.name, partition, offset),
    );
  const garbage = eventTopics.flatMap(({ name }) =>
    log
      .garbageOn(name)
      .flatMap(({ partition, offset }) =>
        readersOf(name).map((app) => placeOf(app, name, partition, offset)),
      ),
  );
  return [
    ...letters
      .filter(({ errorCode }) => !EXPECTED_CODES.has(errorCode))
      .map(
        ({ app, topic, offset, errorCode, reason }) =>
          `dead letter of ${app} about ${topic}@${offset}: ${errorCode} ${reason}`,
      ),
    ...[...places]
      .filter(([, own]) => own.length > 1)
      .map(([place, own]) => `${own.length} dead letters about one record, ${place}`),
    ...[...garbage, ...unreadable]
      .filter((place) => !places.has(place))
      .map((place) => `garbage without a dead letter, ${place}`),
  ];
}

function readersOf(topic: string): readonly string[] {
  const apps = streamApps.filter(({ inputs }) => inputs.some(({ name }) => name === topic));
  const gateway = topic === paymentsGatewayRequests.name ? [gatewayTopics.group] : [];
  return [...apps.map(({ name }) => name), ...gateway];
}
