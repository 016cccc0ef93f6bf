import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import shop.alerts.AlertRaised;
import shop.alerts.state.OrderAlertsState;

/**
 * The alerts app on Kafka Streams: rules A to E over the shop's own topics and schemas, with RocksDB
 * stores that have changelogs, exactly-once (version 2).
 *
 * <p>Deadlines stand in a second store, ordered by time. Kafka Streams hands a task's records over
 * in the order of their log time, so a record of time t proves that all before it are known: every
 * deadline up to t fires before the record is handled, as T1 wants it.
 *
 * <p>AlertJoin BROKERS RUN STATE_DIR THREADS COMMIT_MS GRACE_MS SCHEMAS
 */
public final class AlertJoin {
  static final String ORDERS = "orders.events.v1";
  static final String PAYMENTS = "payments.events.v1";
  /** Ends the name of the run in a topic's name; legal there, and in no run's. */
  static final char RUN_END = '_';
  private static final String RAISED = "alerts.order_payment_inconsistency.v1";
  private static final String LIFECYCLE = "alerts.lifecycle.v1";
  private static final String ORDER_STORE = "orders";
  private static final String DEADLINE_STORE = "deadlines";
  private static final long RETENTION_MS = Duration.ofDays(7).toMillis();
  private static final int SESSION_TIMEOUT_MS = 8_000;

  public static void main(String[] args) {
    String run = args[1];
    long graceMs = Long.parseLong(args[5]);
    WireFormat.Schemas schemas = WireFormat.Schemas.parse(args[6]);
    OrderAlerts alerts = new OrderAlerts(new Rules(graceMs, graceMs), RETENTION_MS);
    KafkaStreams streams =
        new KafkaStreams(topology(run, schemas, alerts), properties(args));
    streams.setUncaughtExceptionHandler(
        error -> {
          error.printStackTrace();
          Runtime.getRuntime().halt(1);
          return null;
        });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(10))));
    streams.start();
  }

  private static Topology topology(String run, WireFormat.Schemas schemas, OrderAlerts alerts) {
    Deserializer<String> key = Serdes.String().deserializer();
    Events events = new Events(schemas);
    return new Topology()
        .addSource("orders", key, events.deserializer(), ORDERS)
        .addSource("payments", key, events.deserializer(), PAYMENTS)
        .addProcessor("alerts", () -> new Alerts(alerts), "orders", "payments")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(ORDER_STORE), Serdes.String(), new StateSerde())
                .withCachingEnabled(),
            "alerts")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(DEADLINE_STORE), Serdes.Bytes(), Serdes.String())
                .withCachingEnabled(),
            "alerts")
        .addSink(
            "raised", run + RUN_END + RAISED, Serdes.String().serializer(),
            events.serializer(), "alerts")
        .addSink(
            "lifecycle", run + RUN_END + LIFECYCLE, Serdes.String().serializer(),
            events.serializer(), "alerts");
  }

  private static Properties properties(String[] args) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, args[1]);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, args[2]);
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, Integer.parseInt(args[3]));
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, Integer.parseInt(args[4]));
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 256L * 1024 * 1024);
    properties.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 5_000);
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    properties.put(StreamsConfig.METRICS_RECORDING_LEVEL_CONFIG, "INFO");
    producer(properties, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
    producer(properties, ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
    consumer(properties, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
    consumer(properties, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    consumer(properties, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MS);
    consumer(properties, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 500);
    return properties;
  }

  private static void producer(Properties properties, String name, Object value) {
    properties.put(StreamsConfig.producerPrefix(name), value);
  }

  private static void consumer(Properties properties, String name, Object value) {
    properties.put(StreamsConfig.mainConsumerPrefix(name), value);
  }

  private static final class Alerts
      implements Processor<String, SpecificRecord, String, SpecificRecord> {
    private final OrderAlerts alerts;
    private ProcessorContext<String, SpecificRecord> context;
    private KeyValueStore<String, OrderAlertsState> orders;
    private KeyValueStore<Bytes, String> deadlines;
    /**
     * What the store of deadlines holds. To look for the first one there, its cache would copy the
     * set of its keys each time.
     */
    private final TreeMap<Bytes, String> pending = new TreeMap<>();

    Alerts(OrderAlerts alerts) {
      this.alerts = alerts;
    }

    @Override
    public void init(ProcessorContext<String, SpecificRecord> given) {
      context = given;
      orders = given.getStateStore(ORDER_STORE);
      deadlines = given.getStateStore(DEADLINE_STORE);
      try (KeyValueIterator<Bytes, String> rows = deadlines.all()) {
        rows.forEachRemaining(row -> pending.put(row.key, row.value));
      }
    }

    @Override
    public void process(Record<String, SpecificRecord> record) {
      fireUntil(record.timestamp());
      RecordMetadata place = context.recordMetadata().orElseThrow();
      OrderAlertsState known = orders.get(record.key());
      OrderAlertsState order = known == null ? OrderAlerts.noFacts(record.key()) : known;
      boolean isNew =
          OrderAlerts.takeFact(
              order, record.value(), place.partition(), place.offset(), record.timestamp());
      if (isNew) settle(order, record.timestamp());
    }

    /** Ends when the first that is left is due later; a rule may set a new one at once. */
    private void fireUntil(long time) {
      while (!pending.isEmpty() && dueAt(pending.firstKey()) <= time) {
        Bytes first = pending.firstKey();
        String name = pending.get(first);
        clear(first);
        fire(orderOf(first), name, dueAt(first));
      }
    }

    private void set(Bytes deadline, String name) {
      deadlines.put(deadline, name);
      pending.put(deadline, name);
    }

    private void clear(Bytes deadline) {
      deadlines.delete(deadline);
      pending.remove(deadline);
    }

    private void fire(String orderId, String name, long dueAt) {
      OrderAlertsState order = orders.get(orderId);
      order.getTimers().remove(name);
      order.setReadUntil(Math.max(order.getReadUntil(), dueAt));
      // A week is over: nothing of that age is in a run.
      if (!name.equals(OrderAlerts.CLOSE)) settle(order, dueAt);
    }

    private void settle(OrderAlertsState order, long time) {
      String orderId = order.getOrderId();
      Map<String, Long> timers = new HashMap<>(4);
      alerts.judge(order, event -> context.forward(
          new Record<>(orderId, event, time), event instanceof AlertRaised ? "raised" : "lifecycle"),
          timers);
      order.getTimers().forEach((name, dueAt) -> {
        if (!dueAt.equals(timers.get(name))) clear(keyOf(dueAt, orderId, name));
      });
      timers.forEach((name, dueAt) -> {
        if (dueAt.equals(order.getTimers().get(name))) return;
        set(keyOf(dueAt, orderId, name), name);
      });
      order.setTimers(timers);
      orders.put(orderId, order);
    }

    private static Bytes keyOf(long dueAt, String orderId, String name) {
      byte[] id = orderId.getBytes(StandardCharsets.UTF_8);
      ByteBuffer key = ByteBuffer.allocate(8 + id.length + 1);
      // The rules' names differ in their last letter, CLOSE is another one still.
      return Bytes.wrap(
          key.putLong(dueAt).put(id).put((byte) name.charAt(name.length() - 1)).array());
    }

    private static long dueAt(Bytes key) {
      return ByteBuffer.wrap(key.get()).getLong();
    }

    private static String orderOf(Bytes key) {
      return new String(key.get(), 8, key.get().length - 9, StandardCharsets.UTF_8);
    }
  }

  /** One instance serves all threads; buffers and decoders may not. */
  private static final class Events implements Serde<SpecificRecord> {
    private final ThreadLocal<WireFormat> own;

    Events(WireFormat.Schemas schemas) {
      own = ThreadLocal.withInitial(() -> new WireFormat(schemas));
    }

    @Override
    public Serializer<SpecificRecord> serializer() {
      return (topic, event) -> own.get().encode(topic, event);
    }

    @Override
    public Deserializer<SpecificRecord> deserializer() {
      return (topic, value) -> own.get().decode(value);
    }
  }

  /** The state as its schema has it, without a header: nobody else reads it. */
  private static final class StateSerde implements Serde<OrderAlertsState> {
    private final ThreadLocal<StateFormat> own = ThreadLocal.withInitial(StateFormat::new);

    @Override
    public Serializer<OrderAlertsState> serializer() {
      return (topic, state) -> state == null ? null : own.get().encode(state);
    }

    @Override
    public Deserializer<OrderAlertsState> deserializer() {
      return (topic, bytes) -> bytes == null ? null : own.get().decode(bytes);
    }
  }
}
