import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import shop.alerts.state.AlertRule;
import shop.alerts.state.FailedFact;
import shop.alerts.state.OrderAlertsState;
import shop.alerts.state.PaidFact;
import shop.alerts.state.PaymentFact;
import shop.alerts.state.PaymentFactType;
import shop.alerts.state.WaitingFact;

/**
 * The rules A to E as streams/alerts/rule-*.ts has them: each gives its whole history as a function
 * of an order's facts, and what was said before is a number in the state.
 */
final class Rules {
  /** C and E before A: what takes its place is written before A is resolved. */
  static final List<AlertRule> IN_ORDER =
      List.of(
          AlertRule.RULE_C, AlertRule.RULE_D, AlertRule.RULE_E, AlertRule.RULE_B, AlertRule.RULE_A);

  /** `needs`: when the rule must look again, log time; NOTHING for a complete history. */
  record History(List<Signal> signals, long needs) {}

  static final long NOTHING = -1;
  private static final History SILENCE = new History(List.of(), NOTHING);

  private final long ruleAGraceMs;
  private final long ruleBGraceMs;

  Rules(long ruleAGraceMs, long ruleBGraceMs) {
    this.ruleAGraceMs = ruleAGraceMs;
    this.ruleBGraceMs = ruleBGraceMs;
  }

  History history(AlertRule rule, OrderAlertsState order) {
    return switch (rule) {
      case RULE_A -> ruleA(order);
      case RULE_B -> ruleB(order);
      case RULE_C -> ruleC(order);
      case RULE_D -> ruleD(order);
      case RULE_E -> ruleE(order);
      case RULE_F -> throw new IllegalArgumentException("rule F judges repairs");
    };
  }

  // A ---------------------------------------------------------------------------------------------

  /** A deadline that may be missed (`success`), or a fact that answers (`answer`). */
  private record StepOfA(long at, PaymentFact success, Object answer) {}

  private History ruleA(OrderAlertsState order) {
    List<PaymentFact> open = List.of();
    List<Signal> signals = null;
    for (StepOfA step : stepsOfA(order)) {
      if (step.success != null) {
        if (Facts.ordersReadUntil(order) < step.at) return undecided(signals, step.at);
        signals = with(signals, ruleATriggered(step.success, step.at, order.getWaiting()));
        open = new ArrayList<>(open);
        open.add(step.success);
        continue;
      }
      if (open.isEmpty()) continue;
      List<PaymentFact> unanswered = new ArrayList<>(open.size());
      for (PaymentFact success : open) if (!answers(step.answer, success)) unanswered.add(success);
      if (unanswered.isEmpty()) {
        long lastTrigger = step.at - ruleAGraceMs;
        if (Facts.paymentsReadUntil(order) <= lastTrigger) {
          return undecided(signals, lastTrigger + 1);
        }
        signals = with(signals, ruleACleared(step.answer));
      }
      open = unanswered;
    }
    return complete(signals);
  }

  private List<StepOfA> stepsOfA(OrderAlertsState order) {
    List<StepOfA> steps = new ArrayList<>(3);
    Object ending = order.getPaid() != null ? order.getPaid() : order.getFailed();
    for (PaymentFact success : Facts.successesOf(order.getPayments())) {
      long at = success.getLoggedAt() + ruleAGraceMs;
      boolean answered =
          answersBefore(order.getWaiting(), at, success) || answersBefore(ending, at, success);
      if (!answered) steps.add(new StepOfA(at, success, null));
    }
    if (steps.isEmpty()) return steps;
    if (order.getWaiting() != null) {
      steps.add(new StepOfA(order.getWaiting().getLoggedAt(), null, order.getWaiting()));
    }
    if (ending != null) steps.add(new StepOfA(loggedAt(ending), null, ending));
    steps.sort(Comparator.comparingLong(StepOfA::at));
    return steps;
  }

  private static boolean answersBefore(Object fact, long at, PaymentFact success) {
    return fact != null && loggedAt(fact) < at && answers(fact, success);
  }

  private static long loggedAt(Object fact) {
    if (fact instanceof PaidFact paid) return paid.getLoggedAt();
    if (fact instanceof FailedFact failed) return failed.getLoggedAt();
    return ((WaitingFact) fact).getLoggedAt();
  }

  private static boolean answers(Object fact, PaymentFact success) {
    return !(fact instanceof WaitingFact waiting)
        || differs(success, waiting.getAmount(), waiting.getCurrency());
  }

  private static boolean differs(PaymentFact success, long amount, String currency) {
    return success.getAmount() != amount || !success.getCurrency().equals(currency);
  }

  private static Signal ruleATriggered(PaymentFact success, long deadline, WaitingFact waiting) {
    boolean isKnown = waiting != null && waiting.getLoggedAt() < deadline;
    String order = isKnown ? "order still WAITING_PAYMENT" : "no order is waiting for it";
    Signal.Evident fact = Signal.Evident.of(success);
    return Signal.triggered(
        fact, deadline, deadline, success.getAmount(), success.getCurrency(),
        "Order PAID or FAILED within " + seconds(deadline - success.getLoggedAt())
            + " s of the payment",
        "Customer paid " + Facts.moneyText(success) + ", " + order,
        isKnown ? List.of(Signal.Evident.of(waiting), fact) : List.of(fact));
  }

  private static String seconds(long ms) {
    return ms % 1_000 == 0 ? Long.toString(ms / 1_000) : Double.toString(ms / 1_000.0);
  }

  private static Signal ruleACleared(Object fact) {
    if (fact instanceof PaidFact paid) {
      return Signal.cleared(
          Signal.Evident.of(paid), paid.getLoggedAt(), "FACTS", "Order became PAID");
    }
    if (fact instanceof FailedFact failed) {
      return Signal.cleared(
          Signal.Evident.of(failed), failed.getLoggedAt(), "SUPERSEDED",
          "Order became FAILED: rule C has the payment to refund");
    }
    WaitingFact waiting = (WaitingFact) fact;
    return Signal.cleared(
        Signal.Evident.of(waiting), waiting.getLoggedAt(), "SUPERSEDED",
        "Order is about " + Facts.moneyText(waiting.getAmount(), waiting.getCurrency())
            + ": rule E has the wrong amount");
  }

  // B ---------------------------------------------------------------------------------------------

  private enum Occasion {
    ORDER_PAID,
    DEADLINE,
    NEWS
  }

  /** A moment at which the judgement may change, with all news logged until then. */
  private record Moment(
      Occasion occasion, long at, List<PaymentFact> news, long needs, PaymentFact fact) {}

  private History ruleB(OrderAlertsState order) {
    PaidFact paid = order.getPaid();
    if (paid == null) return SILENCE;
    List<PaymentFact> words = new ArrayList<>(order.getPayments().size());
    for (PaymentFact fact : order.getPayments()) if (isWord(fact)) words.add(fact);
    long deadline = paid.getLoggedAt() + Math.max(ruleBGraceMs, 1);
    List<Signal> signals = null;
    boolean open = false;
    long atRisk = 0;
    for (Moment moment : momentsOf(paid, words, deadline)) {
      List<PaymentFact> latest = latestWords(moment.news);
      boolean standing = latest.stream().anyMatch(Rules::standsBehind);
      PaymentFact by = standing ? null : newestAgainst(latest, paid, moment.news);
      if (moment.occasion != Occasion.NEWS && Facts.paymentsReadUntil(order) < moment.needs) {
        if (!standing && by == null) return undecided(signals, deadline);
        boolean judges = by != null && moment.occasion == Occasion.ORDER_PAID;
        return judges ? undecided(signals, moment.needs) : complete(signals);
      }
      boolean holds = by != null || (!standing && moment.at >= deadline);
      boolean repeats = by != null && by == moment.fact;
      if (holds && (!open || repeats)) {
        Signal signal = ruleBTriggered(paid, by, moment, deadline);
        signals = with(signals, signal);
        if (open && signal.moneyAtRisk() != atRisk && moment.fact != null) {
          signals =
              with(
                  signals,
                  Signal.revalued(
                      Signal.Evident.of(moment.fact), signal.at(), signal.moneyAtRisk(),
                      signal.currency(), signal.observed()));
        }
        atRisk = signal.moneyAtRisk();
      }
      if (!holds && open && moment.fact != null) signals = with(signals, ruleBCleared(moment.fact));
      open = holds;
    }
    return complete(signals);
  }

  private static List<Moment> momentsOf(PaidFact paid, List<PaymentFact> words, long deadline) {
    long next = paid.getLoggedAt() + 1;
    List<Moment> moments = new ArrayList<>(words.size() + 2);
    moments.add(
        new Moment(Occasion.ORDER_PAID, paid.getLoggedAt(), until(words, next), next, null));
    boolean judged = false;
    for (int index = 0; index < words.size(); index++) {
      PaymentFact fact = words.get(index);
      if (fact.getLoggedAt() <= paid.getLoggedAt()) continue;
      if (!judged && fact.getLoggedAt() >= deadline) {
        moments.add(
            new Moment(Occasion.DEADLINE, deadline, until(words, deadline), deadline, null));
        judged = true;
      }
      moments.add(
          new Moment(Occasion.NEWS, fact.getLoggedAt(), words.subList(0, index + 1), 0, fact));
    }
    if (!judged) {
      moments.add(new Moment(Occasion.DEADLINE, deadline, until(words, deadline), deadline, null));
    }
    return moments;
  }

  private static List<PaymentFact> until(List<PaymentFact> words, long time) {
    List<PaymentFact> known = new ArrayList<>(words.size());
    for (PaymentFact fact : words) if (fact.getLoggedAt() < time) known.add(fact);
    return known;
  }

  private static boolean isWord(PaymentFact fact) {
    return fact.getType() != PaymentFactType.PaymentRefundPending
        && fact.getType() != PaymentFactType.PaymentRefundFailed;
  }

  /** The latest word on each payment; of two said at the same time, the one logged later. */
  private static List<PaymentFact> latestWords(List<PaymentFact> news) {
    if (news.size() < 2) return news;
    Map<String, Integer> places = new HashMap<>();
    List<PaymentFact> facts = new ArrayList<>(news.size());
    List<Long> said = new ArrayList<>(news.size());
    for (int index = 0; index < news.size(); index++) {
      PaymentFact fact = news.get(index);
      Integer place = places.get(fact.getMerchantPaymentId());
      boolean saidAgain = Facts.isSuccess(fact) && !Facts.isNewMoney(news, index);
      long before = place == null ? 0 : said.get(place);
      long saidAt = saidAgain ? Math.max(fact.getSaidAt(), before) : fact.getSaidAt();
      if (place == null) {
        places.put(fact.getMerchantPaymentId(), facts.size());
        facts.add(fact);
        said.add(saidAt);
      } else if (saidAt >= before) {
        facts.set(place, fact);
        said.set(place, saidAt);
      }
    }
    return facts;
  }

  private static boolean standsBehind(PaymentFact word) {
    return switch (word.getType()) {
      case PaymentSucceeded -> true;
      case PaymentRefunded -> word.getRequestedHere();
      default -> false;
    };
  }

  private static PaymentFact newestAgainst(
      List<PaymentFact> latest, PaidFact paid, List<PaymentFact> news) {
    PaymentFact newest = null;
    for (PaymentFact word : latest) {
      if (word.getSaidAt() < paid.getPaidAt()) continue;
      boolean isNewer =
          newest == null
              || word.getSaidAt() > newest.getSaidAt()
              || (word.getSaidAt() == newest.getSaidAt()
                  && news.indexOf(word) > news.indexOf(newest));
      if (isNewer) newest = word;
    }
    return newest;
  }

  private static Signal ruleBTriggered(
      PaidFact paid, PaymentFact by, Moment moment, long deadline) {
    String expected =
        "PayPay holds " + Facts.moneyText(paid.getAmount(), paid.getCurrency())
            + " for the PAID order";
    Signal.Evident order = Signal.Evident.of(paid);
    if (by == null) {
      Signal.Evident fact = moment.fact == null ? order : Signal.Evident.of(moment.fact);
      return Signal.triggered(
          fact, moment.at, deadline, paid.getAmount(), paid.getCurrency(), expected,
          "Order is PAID, no successful payment is known",
          moment.fact == null ? List.of(order) : List.of(order, fact));
    }
    PaymentFact success = null;
    for (PaymentFact fact : moment.news) if (Facts.isSuccess(fact)) success = fact;
    long amount = riskOf(paid, by, moment.news);
    String currency = Facts.isRefund(by) ? by.getCurrency() : paid.getCurrency();
    Signal.Evident fact = Signal.Evident.of(by);
    return Signal.triggered(
        fact, moment.at, null, amount, currency, expected,
        "Order is PAID, " + wordText(by, amount, currency),
        success == null
            ? List.of(order, fact)
            : List.of(Signal.Evident.of(success), order, fact));
  }

  private static long riskOf(PaidFact paid, PaymentFact by, List<PaymentFact> news) {
    if (!Facts.isRefund(by)) return paid.getAmount();
    long amount = 0;
    for (PaymentFact fact : news) {
      boolean isUnasked = Facts.isRefund(fact) && !fact.getRequestedHere();
      if (isUnasked && fact.getPaymentId().equals(by.getPaymentId())) amount += fact.getAmount();
    }
    return amount;
  }

  private static String wordText(PaymentFact word, long amount, String currency) {
    return switch (word.getType()) {
      case PaymentFailed -> "PayPay says the payment is " + word.getReason();
      case PaymentExpired -> "the payment expired";
      case PaymentRefunded ->
          "PayPay refunded " + Facts.moneyText(amount, currency)
              + ", which nobody here asked for";
      default -> throw new IllegalStateException(word.getEventId() + " contradicts nothing");
    };
  }

  private static Signal ruleBCleared(PaymentFact fact) {
    String detail =
        Facts.isRefund(fact)
            ? Facts.moneyText(fact) + " was refunded from here"
            : "A later success stands behind the order";
    return Signal.cleared(Signal.Evident.of(fact), fact.getLoggedAt(), "FACTS", detail);
  }

  // C, E ------------------------------------------------------------------------------------------

  private interface Accuser {
    Signal accuse(PaymentFact success, long at);

    long atRisk(PaymentFact success, long kept);
  }

  private static History ruleC(OrderAlertsState order) {
    FailedFact failed = order.getFailed();
    if (failed == null || order.getPayments().isEmpty()) return SILENCE;
    return untilRefunded(
        order.getPayments(),
        failed.getLoggedAt(),
        new Accuser() {
          @Override
          public Signal accuse(PaymentFact success, long at) {
            Signal.Evident fact = Signal.Evident.of(success);
            return Signal.triggered(
                fact, at, null, success.getAmount(), success.getCurrency(),
                "No money taken for a FAILED order",
                "Customer paid " + Facts.moneyText(success) + ", order is FAILED ("
                    + failed.getReason() + ")",
                List.of(Signal.Evident.of(failed), fact));
          }

          @Override
          public long atRisk(PaymentFact success, long kept) {
            return kept;
          }
        });
  }

  private static History ruleE(OrderAlertsState order) {
    WaitingFact waiting = order.getWaiting();
    PaidFact paid = order.getPaid();
    if ((waiting == null && paid == null) || order.getPayments().isEmpty()) return SILENCE;
    long amount = waiting != null ? waiting.getAmount() : paid.getAmount();
    String currency = waiting != null ? waiting.getCurrency() : paid.getCurrency();
    long since = waiting != null ? waiting.getLoggedAt() : paid.getLoggedAt();
    return untilRefunded(
        order.getPayments(),
        since,
        new Accuser() {
          @Override
          public Signal accuse(PaymentFact success, long at) {
            if (!differs(success, amount, currency)) return null;
            Signal.Evident known =
                waiting != null ? Signal.Evident.of(waiting) : Signal.Evident.of(paid);
            Signal.Evident fact = Signal.Evident.of(success);
            return Signal.triggered(
                fact, at, null, atRisk(success, success.getAmount()), success.getCurrency(),
                "Customer pays " + Facts.moneyText(amount, currency),
                "Customer paid " + Facts.moneyText(success),
                List.of(known, fact));
          }

          @Override
          public long atRisk(PaymentFact success, long kept) {
            return success.getCurrency().equals(currency) ? Math.abs(kept - amount) : kept;
          }
        });
  }

  private static History untilRefunded(List<PaymentFact> payments, long since, Accuser accuser) {
    List<Signal> signals = null;
    List<PaymentFact> open = new ArrayList<>(1);
    for (int index = 0; index < payments.size(); index++) {
      PaymentFact fact = payments.get(index);
      long at = Math.max(fact.getLoggedAt(), since);
      if (Facts.isNewMoney(payments, index)) {
        Signal accusation = accuser.accuse(fact, at);
        if (accusation == null) continue;
        signals = with(signals, accusation);
        open.add(fact);
      }
      int known = index + 1;
      int newest = -1;
      boolean isKept = false;
      boolean isPart = false;
      for (PaymentFact success : open) {
        int refund = Facts.fullRefundOf(success, payments, known);
        if (refund == -1) isKept = true;
        newest = Math.max(newest, refund);
        isPart |= Facts.isRefund(fact) && success.getPaymentId().equals(fact.getPaymentId());
      }
      if (isKept) {
        if (isPart) signals = with(signals, partReturned(fact, at, open, payments, known, accuser));
        continue;
      }
      if (newest == -1) continue;
      String detail = String.join(" and ", open.stream().map(Facts::moneyText).toList());
      signals =
          with(
              signals,
              Signal.cleared(
                  Signal.Evident.of(payments.get(newest)), at, "FACTS",
                  detail + " refunded in full"));
      open = new ArrayList<>(1);
    }
    return complete(signals);
  }

  private static Signal partReturned(
      PaymentFact fact, long at, List<PaymentFact> open, List<PaymentFact> payments, int known,
      Accuser accuser) {
    long atRisk = 0;
    long paid = 0;
    long returned = 0;
    for (PaymentFact success : open) {
      atRisk += accuser.atRisk(success, Facts.keptOf(success, payments, known));
      paid += success.getAmount();
      returned += Facts.returnedOf(success, payments, known);
    }
    String currency = fact.getCurrency();
    return Signal.revalued(
        Signal.Evident.of(fact), at, atRisk, currency,
        "Customer paid " + Facts.moneyText(paid, currency) + ", "
            + Facts.moneyText(returned, currency) + " of it was refunded");
  }

  // D ---------------------------------------------------------------------------------------------

  private static History ruleD(OrderAlertsState order) {
    List<PaymentFact> payments = order.getPayments();
    if (payments.size() < 2) return SILENCE;
    List<Signal> signals = null;
    List<PaymentFact> charged = new ArrayList<>(2);
    boolean open = false;
    for (int index = 0; index < payments.size(); index++) {
      PaymentFact fact = payments.get(index);
      if (Facts.isNewMoney(payments, index)) {
        charged.add(fact);
        if (charged.size() == 1) continue;
        signals = with(signals, ruleDTriggered(charged.get(0), fact));
        open = true;
      }
      if (!open) continue;
      int known = index + 1;
      int kept = 0;
      int newest = -1;
      for (PaymentFact success : charged) {
        int refund = Facts.fullRefundOf(success, payments, known);
        if (refund == -1) kept++;
        newest = Math.max(newest, refund);
      }
      if (kept > 1 && Facts.isRefund(fact)) {
        signals = with(signals, oneReturned(fact, charged, payments, known));
      }
      if (kept > 1 || newest == -1) continue;
      signals =
          with(
              signals,
              Signal.cleared(
                  Signal.Evident.of(payments.get(newest)), fact.getLoggedAt(), "FACTS",
                  "All payments but one are refunded in full"));
      open = false;
    }
    return complete(signals);
  }

  private static Signal ruleDTriggered(PaymentFact first, PaymentFact second) {
    Signal.Evident fact = Signal.Evident.of(second);
    return Signal.triggered(
        fact, second.getLoggedAt(), null, second.getAmount(), second.getCurrency(),
        "One payment for the order",
        "Customer paid " + Facts.moneyText(first) + " and again " + Facts.moneyText(second),
        Arrays.asList(Signal.Evident.of(first), fact));
  }

  private static Signal oneReturned(
      PaymentFact fact, List<PaymentFact> charged, List<PaymentFact> payments, int known) {
    long held = 0;
    long most = 0;
    for (PaymentFact success : charged) {
      long kept = Facts.keptOf(success, payments, known);
      held += kept;
      most = Math.max(most, kept);
    }
    String currency = fact.getCurrency();
    String all = String.join(" and again ", charged.stream().map(Facts::moneyText).toList());
    return Signal.revalued(
        Signal.Evident.of(fact), fact.getLoggedAt(), held - most, currency,
        "Customer paid " + all + ", " + Facts.moneyText(held, currency) + " of it is kept");
  }

  private static History complete(List<Signal> signals) {
    return signals == null ? SILENCE : new History(signals, NOTHING);
  }

  private static History undecided(List<Signal> signals, long needs) {
    return new History(signals == null ? List.of() : signals, needs);
  }

  private static List<Signal> with(List<Signal> signals, Signal signal) {
    List<Signal> list = signals == null ? new ArrayList<>(2) : signals;
    list.add(signal);
    return list;
  }
}
