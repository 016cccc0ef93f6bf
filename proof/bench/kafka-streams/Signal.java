import java.util.List;
import shop.alerts.state.FailedFact;
import shop.alerts.state.PaidFact;
import shop.alerts.state.PaymentFact;
import shop.alerts.state.WaitingFact;

/** What a rule says about an order (streams/alerts/signal.ts). */
record Signal(
    Kind kind,
    /** Gives the alert, or its change, the id. */
    Evident fact,
    long at,
    Long deadline,
    long moneyAtRisk,
    String currency,
    String expected,
    String observed,
    List<Evident> evidence,
    /** FACTS or SUPERSEDED. */
    String resolvedBy,
    String detail) {

  enum Kind {
    TRIGGERED,
    REVALUED,
    CLEARED
  }

  /** A fact as evidence: its place in the log. */
  record Evident(
      String type, String eventId, long occurredAt, int partition, long offset, long loggedAt) {

    static Evident of(WaitingFact fact) {
      return new Evident(
          fact.getType().name(), fact.getEventId(), fact.getOccurredAt(),
          fact.getPartition(), fact.getOffset(), fact.getLoggedAt());
    }

    static Evident of(PaidFact fact) {
      return new Evident(
          fact.getType().name(), fact.getEventId(), fact.getOccurredAt(),
          fact.getPartition(), fact.getOffset(), fact.getLoggedAt());
    }

    static Evident of(FailedFact fact) {
      return new Evident(
          fact.getType().name(), fact.getEventId(), fact.getOccurredAt(),
          fact.getPartition(), fact.getOffset(), fact.getLoggedAt());
    }

    static Evident of(PaymentFact fact) {
      return new Evident(
          fact.getType().name(), fact.getEventId(), fact.getOccurredAt(),
          fact.getPartition(), fact.getOffset(), fact.getLoggedAt());
    }
  }

  static Signal triggered(
      Evident fact, long at, Long deadline, long moneyAtRisk, String currency,
      String expected, String observed, List<Evident> evidence) {
    return new Signal(
        Kind.TRIGGERED, fact, at, deadline, moneyAtRisk, currency, expected, observed, evidence,
        null, null);
  }

  static Signal revalued(Evident fact, long at, long moneyAtRisk, String currency, String observed) {
    return new Signal(
        Kind.REVALUED, fact, at, null, moneyAtRisk, currency, null, observed, null, null, null);
  }

  static Signal cleared(Evident fact, long at, String resolvedBy, String detail) {
    return new Signal(
        Kind.CLEARED, fact, at, null, 0, null, null, null, null, resolvedBy, detail);
  }
}
