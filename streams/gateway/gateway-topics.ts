import { alertsConditions } from '../../topics/alerts';
import { deadLetters } from '../../topics/dead-letters';
import { paymentsGatewayRequests, paymentsGatewayResults } from '../../topics/payments';

/** The app in health, logs and dead letters. */
export const GATEWAY = 'gateway';

/** Where a gateway reads and writes, and as whom. Tests on a shared broker take their own. */
export interface GatewayTopics {
  /** The consumer group, and the prefix of the transactional ids `<group>-<p>`. */
  readonly group: string;
  readonly requests: typeof paymentsGatewayRequests;
  readonly results: typeof paymentsGatewayResults;
  readonly conditions: typeof alertsConditions;
  readonly deadLetters: typeof deadLetters;
}

export const gatewayTopics: GatewayTopics = {
  group: GATEWAY,
  requests: paymentsGatewayRequests,
  results: paymentsGatewayResults,
  conditions: alertsConditions,
  deadLetters,
};
