import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import shop.alerts.AlertMoneyAtRiskChanged;
import shop.alerts.AlertRaised;
import shop.alerts.AlertRepeated;
import shop.alerts.AlertResolved;
import shop.alerts.AlertSeverity;
import shop.alerts.Evidence;
import shop.alerts.ResolvedBy;
import shop.alerts.state.AlertMemory;
import shop.alerts.state.AlertRule;
import shop.alerts.state.AlertStatus;
import shop.alerts.state.FailedFact;
import shop.alerts.state.FailedFactType;
import shop.alerts.state.OrderAlertsState;
import shop.alerts.state.PaidFact;
import shop.alerts.state.PaidFactType;
import shop.alerts.state.PaymentFact;
import shop.alerts.state.PaymentFactType;
import shop.alerts.state.WaitingFact;
import shop.alerts.state.WaitingFactType;
import shop.orders.OrderFailed;
import shop.orders.OrderPaid;
import shop.orders.OrderWaitingPayment;
import shop.payments.PaymentExpired;
import shop.payments.PaymentFailed;
import shop.payments.PaymentRefundFailed;
import shop.payments.PaymentRefundPending;
import shop.payments.PaymentRefunded;
import shop.payments.PaymentSucceeded;
import shop.payments.SettledBy;

/**
 * The decision about one order: its facts go through every rule, and what a rule says beyond what it
 * said before becomes alerts (streams/alerts/order-alerts.ts, alert.ts).
 */
final class OrderAlerts {
  static final String CLOSE = "CLOSE";

  private final Rules rules;
  private final long retentionMs;

  OrderAlerts(Rules rules, long retentionMs) {
    this.rules = rules;
    this.retentionMs = retentionMs;
  }

  static OrderAlertsState noFacts(String orderId) {
    OrderAlertsState order = new OrderAlertsState();
    order.setOrderId(orderId);
    order.setPayments(new ArrayList<>(1));
    order.setAlerts(new ArrayList<>(0));
    order.setFailedRepairs(List.of());
    order.setOvertakenBy("");
    order.setStuckBy("");
    order.setTimers(new HashMap<>());
    return order;
  }

  /** Adds the event's fact; false where it is none, or is known. Throws on a damaged log. */
  static boolean takeFact(
      OrderAlertsState order, SpecificRecord event, int partition, long offset, long loggedAt) {
    if (event instanceof OrderWaitingPayment waiting) {
      if (order.getWaiting() != null || hasEnded(order)) return false;
      order.setWaiting(
          new WaitingFact(
              WaitingFactType.OrderWaitingPayment, waiting.getEventId(), waiting.getOccurredAt(),
              partition, offset, loggedAt, waiting.getTotalAmount(), waiting.getCurrency()));
      return true;
    }
    if (event instanceof OrderPaid paid) {
      if (isKnownEnding(order, paid.getEventId())) return false;
      order.setPaid(
          new PaidFact(
              PaidFactType.OrderPaid, paid.getEventId(), paid.getOccurredAt(), partition, offset,
              loggedAt, paid.getAmount(), paid.getCurrency(), paid.getPaidAt(),
              paid.getPaymentId()));
      return true;
    }
    if (event instanceof OrderFailed failed) {
      if (isKnownEnding(order, failed.getEventId())) return false;
      order.setFailed(
          new FailedFact(
              FailedFactType.OrderFailed, failed.getEventId(), failed.getOccurredAt(), partition,
              offset, loggedAt, failed.getReason().name()));
      return true;
    }
    PaymentFact fact = paymentFactOf(event);
    if (fact == null) return false;
    for (PaymentFact known : order.getPayments()) {
      if (known.getEventId().equals(fact.getEventId())) return false;
    }
    fact.setPartition(partition);
    fact.setOffset(offset);
    fact.setLoggedAt(loggedAt);
    order.getPayments().add(fact);
    return true;
  }

  private static boolean hasEnded(OrderAlertsState order) {
    return order.getPaid() != null || order.getFailed() != null;
  }

  private static boolean isKnownEnding(OrderAlertsState order, String eventId) {
    if (!hasEnded(order)) return false;
    String known =
        order.getPaid() != null ? order.getPaid().getEventId() : order.getFailed().getEventId();
    if (known.equals(eventId)) return true;
    throw new IllegalStateException("order " + order.getOrderId() + " ended twice");
  }

  private static PaymentFact paymentFactOf(SpecificRecord event) {
    PaymentFact fact = new PaymentFact();
    fact.setCurrency("");
    fact.setReason("");
    if (event instanceof PaymentSucceeded success) {
      fact.setType(PaymentFactType.PaymentSucceeded);
      fact.setEventId(success.getEventId());
      fact.setOccurredAt(success.getOccurredAt());
      fact.setMerchantPaymentId(success.getMerchantPaymentId());
      fact.setPaymentId(success.getPaymentId());
      fact.setAmount(success.getAmount());
      fact.setCurrency(success.getCurrency());
      boolean isAsked = success.getSettledBy() == SettledBy.OPERATOR;
      fact.setSaidAt(isAsked ? success.getOccurredAt() : success.getPaidAt());
      return fact;
    }
    if (event instanceof PaymentFailed failed) {
      fact.setType(PaymentFactType.PaymentFailed);
      fact.setEventId(failed.getEventId());
      fact.setOccurredAt(failed.getOccurredAt());
      fact.setMerchantPaymentId(failed.getMerchantPaymentId());
      fact.setPaymentId(failed.getPaymentId());
      fact.setReason(failed.getReason().name());
      fact.setSaidAt(failed.getObservedAt());
      return fact;
    }
    if (event instanceof PaymentExpired expired) {
      fact.setType(PaymentFactType.PaymentExpired);
      fact.setEventId(expired.getEventId());
      fact.setOccurredAt(expired.getOccurredAt());
      fact.setMerchantPaymentId(expired.getMerchantPaymentId());
      fact.setSaidAt(expired.getExpiredAt());
      return fact;
    }
    if (event instanceof PaymentRefunded refund) {
      fact.setType(PaymentFactType.PaymentRefunded);
      fact.setEventId(refund.getEventId());
      fact.setOccurredAt(refund.getOccurredAt());
      fact.setMerchantPaymentId(refund.getMerchantPaymentId());
      fact.setPaymentId(refund.getPaymentId());
      fact.setAmount(refund.getAmount());
      fact.setCurrency(refund.getCurrency());
      fact.setRequestedHere(refund.getRequestedHere());
      fact.setRefundId(refund.getMerchantRefundId());
      fact.setWasPending(refund.getWasPending());
      fact.setSaidAt(refund.getObservedAt());
      return fact;
    }
    if (event instanceof PaymentRefundPending || event instanceof PaymentRefundFailed) {
      throw new IllegalStateException("the generated log has no refund that is under way");
    }
    return null;
  }

  /** Puts every alert's event into `out` and the times at which rules must look again into `timers`. */
  void judge(OrderAlertsState order, Consumer<SpecificRecord> out, Map<String, Long> timers) {
    for (AlertRule rule : Rules.IN_ORDER) {
      Rules.History history = rules.history(rule, order);
      if (history.needs() != Rules.NOTHING) timers.put(rule.name(), history.needs());
      List<Signal> signals = history.signals();
      AlertMemory alert = alertOf(order, rule);
      int applied = alert == null ? 0 : alert.getSignalsApplied();
      if (signals.size() < applied) {
        throw new IllegalStateException(rule + " took back what it said of " + order.getOrderId());
      }
      for (Signal signal : signals.subList(applied, signals.size())) {
        alert = take(order, rule, alert, signal, out);
      }
    }
    if (timers.isEmpty() && hasEnded(order) && !hasOpenAlert(order)) {
      timers.put(CLOSE, newestFact(order) + retentionMs);
    }
  }

  private static AlertMemory alertOf(OrderAlertsState order, AlertRule rule) {
    for (AlertMemory alert : order.getAlerts()) if (alert.getRule() == rule) return alert;
    return null;
  }

  private static boolean hasOpenAlert(OrderAlertsState order) {
    for (AlertMemory alert : order.getAlerts()) {
      if (alert.getStatus() == AlertStatus.OPEN) return true;
    }
    return false;
  }

  private static long newestFact(OrderAlertsState order) {
    long newest = 0;
    if (order.getWaiting() != null) newest = order.getWaiting().getLoggedAt();
    if (order.getPaid() != null) newest = Math.max(newest, order.getPaid().getLoggedAt());
    if (order.getFailed() != null) newest = Math.max(newest, order.getFailed().getLoggedAt());
    for (PaymentFact fact : order.getPayments()) newest = Math.max(newest, fact.getLoggedAt());
    return newest;
  }

  private static AlertMemory take(
      OrderAlertsState order, AlertRule rule, AlertMemory alert, Signal signal,
      Consumer<SpecificRecord> out) {
    boolean isOpen = alert != null && alert.getStatus() == AlertStatus.OPEN;
    if (alert != null) alert.setSignalsApplied(alert.getSignalsApplied() + 1);
    if (signal.kind() == Signal.Kind.TRIGGERED && !isOpen) {
      return raise(order, rule, alert, signal, out);
    }
    if (alert == null) throw new IllegalStateException(rule + " spoke before it triggered");
    if (!isOpen) return alert;
    alert.setVersion(alert.getVersion() + 1);
    String alertId = alert.getAlertId();
    Signal.Evident fact = signal.fact();
    String orderId = order.getOrderId();
    var outRule = shop.alerts.AlertRule.valueOf(rule.name());
    List<Evidence> evidence = List.of(evidenceOf(fact));
    switch (signal.kind()) {
      case TRIGGERED -> {
        alert.setCount(alert.getCount() + 1);
        out.accept(
            new AlertRepeated(
                Uuid5.eventId(fact.eventId(), alertId + "/repeated"), orderId, signal.at(),
                fact.eventId(), orderId, alertId, alert.getVersion(), alert.getCount(), evidence));
      }
      case REVALUED ->
          out.accept(
              new AlertMoneyAtRiskChanged(
                  Uuid5.eventId(fact.eventId(), alertId + "/revalued"), orderId, signal.at(),
                  fact.eventId(), orderId, alertId, outRule, alert.getVersion(),
                  signal.moneyAtRisk(), signal.currency(), signal.observed(), evidence));
      case CLEARED -> {
        alert.setStatus(AlertStatus.RESOLVED);
        out.accept(
            new AlertResolved(
                Uuid5.eventId(fact.eventId(), alertId + "/resolved"), orderId, signal.at(),
                fact.eventId(), orderId, alertId, outRule, alert.getVersion(),
                ResolvedBy.valueOf(signal.resolvedBy()), null, signal.detail(), evidence));
      }
    }
    return alert;
  }

  private static AlertMemory raise(
      OrderAlertsState order, AlertRule rule, AlertMemory before, Signal signal,
      Consumer<SpecificRecord> out) {
    String orderId = order.getOrderId();
    String trigger = signal.fact().eventId();
    String alertId = Uuid5.eventId(trigger, rule.name() + "/" + orderId);
    List<Evidence> evidence = new ArrayList<>(signal.evidence().size());
    for (Signal.Evident fact : signal.evidence()) evidence.add(evidenceOf(fact));
    out.accept(
        new AlertRaised(
            Uuid5.eventId(trigger, alertId + "/raised"), orderId, signal.at(), trigger, orderId,
            alertId, shop.alerts.AlertRule.valueOf(rule.name()),
            rule == AlertRule.RULE_E ? AlertSeverity.P2 : AlertSeverity.P1, signal.at(),
            signal.deadline(), signal.moneyAtRisk(), signal.currency(), signal.expected(),
            signal.observed(), evidence));
    int applied = before == null ? 1 : before.getSignalsApplied();
    AlertMemory alert =
        new AlertMemory(
            rule, alertId, AlertStatus.OPEN, 1, 1, applied, null, List.of(), Map.of());
    List<AlertMemory> all = new ArrayList<>(order.getAlerts());
    all.removeIf(known -> known.getRule() == rule);
    all.add(alert);
    all.sort((one, other) -> one.getRule().compareTo(other.getRule()));
    order.setAlerts(all);
    return alert;
  }

  private static Evidence evidenceOf(Signal.Evident fact) {
    String topic = fact.type().startsWith("Order") ? AlertJoin.ORDERS : AlertJoin.PAYMENTS;
    return new Evidence(
        topic, fact.partition(), fact.offset(), fact.eventId(), fact.type(), fact.occurredAt(),
        fact.loggedAt());
  }
}
