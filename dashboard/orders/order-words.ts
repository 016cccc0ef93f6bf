/** What the states of payments say to people. */
import type { PaymentView } from '../../edge/contract/api-types';
import { t } from '../i18n/translate';
import { moneyText } from '../text/money';

type Refund = PaymentView['refunds'][number];

/** ¥100 refunded. ¥100: refund in flight (PayPay says CREATED). */
export function refundText(
  { amount, status, reportedStatus, requestedHere, detail }: Refund,
  currency?: string,
): string {
  return t(`orders.payment.refund.${status}`, {
    money: moneyText(amount, currency),
    word: reportedStatus === null ? '' : t('orders.payment.refund.says', { word: reportedStatus }),
    elsewhere: requestedHere ? '' : t('orders.payment.refund.elsewhere'),
    detail: detail ?? '',
  }).trim();
}

export function settledText({ settledBy }: PaymentView): string {
  return settledBy === null ? '' : t(`orders.payment.settledBy.${settledBy}`);
}

export function paymentFailureText({ failureReason }: PaymentView): string {
  return failureReason === null
    ? t('orders.payment.didNotHappen')
    : t(`orders.payment.failure.${failureReason}`);
}

/** Ids are long; the first eight characters tell the orders of a page apart. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}
