import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import shop.alerts.state.OrderAlertsState;
import shop.alerts.state.PaymentFact;
import shop.alerts.state.PaymentFactType;

/** What the rules ask of the facts of an order (streams/alerts/order-facts.ts, money-text.ts). */
final class Facts {
  private Facts() {}

  static boolean isSuccess(PaymentFact fact) {
    return fact.getType() == PaymentFactType.PaymentSucceeded && fact.getPaymentId() != null;
  }

  static boolean isRefund(PaymentFact fact) {
    return fact.getType() == PaymentFactType.PaymentRefunded;
  }

  /** Whether it is the first news of that money among `payments`, at whose place `index` it stands. */
  static boolean isNewMoney(List<PaymentFact> payments, int index) {
    PaymentFact fact = payments.get(index);
    if (!isSuccess(fact)) return false;
    for (int earlier = 0; earlier < index; earlier++) {
      PaymentFact other = payments.get(earlier);
      if (isSuccess(other) && other.getPaymentId().equals(fact.getPaymentId())) return false;
    }
    return true;
  }

  static List<PaymentFact> successesOf(List<PaymentFact> payments) {
    List<PaymentFact> successes = new ArrayList<>(1);
    for (int index = 0; index < payments.size(); index++) {
      if (isNewMoney(payments, index)) successes.add(payments.get(index));
    }
    return successes;
  }

  /** Place of the refund that completed the return among the first `known`; -1: money is kept. */
  static int fullRefundOf(PaymentFact success, List<PaymentFact> payments, int known) {
    long returned = 0;
    for (int index = 0; index < known; index++) {
      PaymentFact fact = payments.get(index);
      if (!isRefund(fact) || !success.getPaymentId().equals(fact.getPaymentId())) continue;
      returned += fact.getAmount();
      if (returned >= success.getAmount()) return index;
    }
    return -1;
  }

  static long returnedOf(PaymentFact success, List<PaymentFact> payments, int known) {
    long returned = 0;
    for (int index = 0; index < known; index++) {
      PaymentFact fact = payments.get(index);
      if (isRefund(fact) && success.getPaymentId().equals(fact.getPaymentId())) {
        returned += fact.getAmount();
      }
    }
    return returned;
  }

  static long keptOf(PaymentFact success, List<PaymentFact> payments, int known) {
    return Math.max(0, success.getAmount() - returnedOf(success, payments, known));
  }

  /** Log time, exclusive, up to which all facts of the order itself are known. */
  static long ordersReadUntil(OrderAlertsState order) {
    long until = order.getReadUntil();
    if (order.getWaiting() != null) until = Math.max(until, order.getWaiting().getLoggedAt());
    if (order.getPaid() != null) until = Math.max(until, order.getPaid().getLoggedAt());
    if (order.getFailed() != null) until = Math.max(until, order.getFailed().getLoggedAt());
    return until;
  }

  /** Log time, exclusive, up to which all news of the order's payments is known. */
  static long paymentsReadUntil(OrderAlertsState order) {
    List<PaymentFact> payments = order.getPayments();
    if (payments.isEmpty()) return order.getReadUntil();
    return Math.max(order.getReadUntil(), payments.get(payments.size() - 1).getLoggedAt());
  }

  static String moneyText(long amount, String currency) {
    String figure = String.format(Locale.US, "%,d", amount);
    return currency.equals("JPY") ? "¥" + figure : figure + " " + currency;
  }

  static String moneyText(PaymentFact fact) {
    return moneyText(fact.getAmount(), fact.getCurrency());
  }
}
