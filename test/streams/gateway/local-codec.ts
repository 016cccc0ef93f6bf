/** A codec for the gateway's topics, without a registry. */
import { recordTypes } from '../../../schemas/avro-types';
import { Codec } from '../../../platform/avro/codec';
import { alertsConditions } from '../../../topics/alerts';
import { deadLetters } from '../../../topics/dead-letters';
import { paymentsGatewayRequests, paymentsGatewayResults } from '../../../topics/payments';

/** Ids as a registry would number them. */
export function localCodec(): Codec {
  const topics = [paymentsGatewayRequests, paymentsGatewayResults, alertsConditions, deadLetters];
  return Codec.local(recordTypes, topics);
}
