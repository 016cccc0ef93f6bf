/** No request is lost and none is answered twice: every one to the gateway has its one result. */
import { paymentsGatewayRequests, paymentsGatewayResults } from '../../../topics/payments';
import { grouped, type CommittedLog } from './committed-log';

/** Also over a part of the log. */
export function checkAnswers(log: CommittedLog): readonly string[] {
  const requests = log.on(paymentsGatewayRequests).map(({ event }) => event);
  const results = grouped(
    log.on(paymentsGatewayResults).map(({ event }) => event),
    ({ causationId }) => causationId,
  );
  const known = new Set(requests.map(({ eventId }) => eventId));
  return [
    ...requests.flatMap(({ eventId, orderId, type }) => {
      const answers = results.get(eventId)?.length ?? 0;
      return answers === 1 ? [] : [`${type} of order ${orderId} has ${answers} results`];
    }),
    ...[...results.keys()]
      .filter((cause) => !known.has(cause))
      .map((cause) => `a result answers ${cause}, which nobody asked`),
  ];
}
