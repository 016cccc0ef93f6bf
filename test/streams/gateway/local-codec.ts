/** A codec for the gateway's topics, without a registry. */
import { recordTypes } from '../../../schemas/avro-types';
import { Codec } from '../../../schemas/codec';
import { alertsConditions } from '../../../topics/alerts';
import { deadLetters } from '../../../topics/dead-letters';
import { paymentsGatewayRequests, paymentsGatewayResults } from '../../../topics/payments';

/** Ids as a registry would number them. */
export function localCodec(): Codec {
  const local = new Codec({ schemaById: () => Promise.resolve(undefined) });
  const topics = [paymentsGatewayRequests, paymentsGatewayResults, alertsConditions, deadLetters];
  for (const { name, types } of topics) {
    for (const type of types) local.registered(name, type, [...recordTypes.keys()].indexOf(type));
  }
  return local;
}
