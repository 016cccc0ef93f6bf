/**
 * Every topic that the views read. Topics without rows of their own are read for the timeline.
 * Changelogs are not here: they are the apps' memory, not facts.
 */
import { alertsActionResults, alertsRequests } from '../../../topics/alerts';
import { ordersRequests } from '../../../topics/orders';
import {
  paymentsGatewayRequests,
  paymentsGatewayResults,
  paymentsRequests,
  paymentsSettlements,
} from '../../../topics/payments';
import type { Topic } from '../../../topics/topic';
import { projectEvents, type Projection } from '../projection';
import { accountsProjection, limitChangesProjection, orderFundsProjection } from './accounts';
import { conditionsProjection, silencesProjection } from './alert-surroundings';
import { alertsLifecycleProjection, alertsRaisedProjection } from './alerts';
import { productsProjection } from './catalog';
import { deadLettersProjection } from './dead-letters';
import {
  adjustmentRequestsProjection,
  adjustmentsProjection,
  itemStockProjection,
  stockProjection,
} from './inventory';
import { ordersProjection } from './orders';
import { notificationsProjection, paymentsProjection } from './payments';

const timelineOnly: readonly Topic[] = [
  ordersRequests,
  paymentsRequests,
  paymentsGatewayRequests,
  paymentsGatewayResults,
  paymentsSettlements,
  alertsRequests,
  alertsActionResults,
];

export const allProjections: readonly Projection[] = [
  ordersProjection,
  itemStockProjection,
  stockProjection,
  adjustmentRequestsProjection,
  adjustmentsProjection,
  orderFundsProjection,
  accountsProjection,
  limitChangesProjection,
  paymentsProjection,
  notificationsProjection,
  alertsRaisedProjection,
  alertsLifecycleProjection,
  silencesProjection,
  conditionsProjection,
  productsProjection,
  deadLettersProjection,
  ...timelineOnly.map((topic) => projectEvents(topic, () => [])),
];
