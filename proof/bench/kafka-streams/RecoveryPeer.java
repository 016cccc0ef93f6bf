import java.nio.ByteBuffer;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * The recovery benchmark's app on Kafka Streams: per key a count and the latest value, kept in
 * RocksDB with its changelog, and sent on for every record; exactly-once. Bytes in, bytes out: it
 * is spared the Avro that the other side does.
 *
 * <p>Tells on standard output what happens when, a word and the wall clock in ms a line.
 *
 * <p>RecoveryPeer BROKERS APP INPUT OUTPUT STATE_DIR STATE_BYTES SESSION_MS [INSTANCE]
 */
public final class RecoveryPeer {
  private static final String STORE = "latest";

  public static void main(String[] args) {
    int stateBytes = Integer.parseInt(args[5]);
    Topology topology = new Topology();
    topology
        .addSource("in", Serdes.ByteArray().deserializer(), Serdes.ByteArray().deserializer(), args[2])
        .addProcessor("count", () -> new Latest(stateBytes), "in")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(STORE), Serdes.ByteArray(), Serdes.ByteArray()),
            "count")
        .addSink("out", args[3], Serdes.ByteArray().serializer(), Serdes.ByteArray().serializer(), "count");
    KafkaStreams streams = new KafkaStreams(topology, properties(args));
    streams.setStateListener((now, before) -> tell(now.name(), ""));
    streams.setGlobalStateRestoreListener(new Restores());
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();
  }

  private static Properties properties(String[] args) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, args[1]);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, args[4]);
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 10_000);
    String session = StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
    String heartbeat = StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);
    properties.put(session, Integer.parseInt(args[6]));
    properties.put(heartbeat, 500);
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    if (args.length > 7) {
      properties.put(
          StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), args[7]);
    }
    return properties;
  }

  private static synchronized void tell(String what, String more) {
    System.out.println(what + " " + System.currentTimeMillis() + more);
  }

  /** The state is the count and as much of the latest value as there is room for. */
  private static final class Latest implements Processor<byte[], byte[], byte[], byte[]> {
    private final int stateBytes;
    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<byte[], byte[]> store;

    Latest(int stateBytes) {
      this.stateBytes = stateBytes;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> given) {
      context = given;
      store = given.getStateStore(STORE);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      byte[] before = store.get(record.key());
      long count = before == null ? 0 : ByteBuffer.wrap(before).getLong();
      byte[] value = record.value();
      ByteBuffer state = ByteBuffer.allocate(stateBytes);
      state.putLong(count + 1);
      state.put(value, 0, Math.min(value.length, state.remaining()));
      store.put(record.key(), state.array());
      context.forward(record.withValue(state.array()));
    }
  }

  private static final class Restores implements StateRestoreListener {
    private final AtomicLong records = new AtomicLong();

    @Override
    public void onRestoreStart(TopicPartition place, String store, long from, long to) {
      tell("restoring", " " + place.partition());
    }

    @Override
    public void onBatchRestored(TopicPartition place, String store, long to, long count) {}

    @Override
    public void onRestoreEnd(TopicPartition place, String store, long count) {
      tell("restored", " " + place.partition() + " " + count + " " + records.addAndGet(count));
    }
  }
}
