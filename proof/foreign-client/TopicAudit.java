import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads topics as any stranger would: Apache's Kafka client, read_committed, to the end; schemas by
 * id over the registry's HTTP API; Avro's generic reader. It knows nothing of this project.
 *
 * <pre>
 * java -cp 'CLASSES:JARS/*' TopicAudit BROKERS REGISTRY_URL
 *     [--topics NAME,...]          only these; else every topic that is not internal to Kafka
 *     [--since EPOCH_MS]           only records from this log time on
 *     [--repeatable RECORD,...]    records (full names) whose writer may write an eventId again
 * </pre>
 *
 * It ends with 1 when a record cannot be decoded or when an eventId stands twice on a topic, and
 * with 2 when it could not read everything. "The end" of a partition is where its last stable
 * record was when the audit began, so it also ends on a log that is being written.
 */
public final class TopicAudit {
  /** A partition that gives nothing for so long while its end is not reached: the read failed. */
  private static final Duration STALLED_AFTER = Duration.ofSeconds(30);

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration REGISTRY_ANSWER = Duration.ofSeconds(10);

  /** Faults printed one by one; the table counts all of them. */
  private static final int FAULTS_SHOWN_MAX = 50;

  private static final int HEADER_BYTES = 5;

  public static void main(String[] args) {
    try {
      Arguments arguments = Arguments.parse(args);
      Audit audit = new Audit(arguments);
      audit.read();
      audit.print();
      System.exit(audit.holds() ? 0 : 1);
    } catch (Exception error) {
      System.err.println("the audit could not be done: " + error);
      System.exit(2);
    }
  }

  private record Arguments(
      String brokers, String registry, Set<String> topics, long since, Set<String> repeatable) {
    static Arguments parse(String[] args) {
      if (args.length < 2 || args.length % 2 != 0) {
        throw new IllegalArgumentException("BROKERS REGISTRY_URL, then pairs of flag and value");
      }
      Set<String> topics = Set.of();
      Set<String> repeatable = Set.of();
      long since = 0;
      for (int at = 2; at < args.length; at += 2) {
        String value = args[at + 1];
        switch (args[at]) {
          case "--topics" -> topics = names(value);
          case "--repeatable" -> repeatable = names(value);
          case "--since" -> since = Long.parseLong(value);
          default -> throw new IllegalArgumentException("no such flag: " + args[at]);
        }
      }
      return new Arguments(args[0], args[1], topics, since, repeatable);
    }

    private static Set<String> names(String list) {
      return Arrays.stream(list.split(",")).filter(name -> !name.isEmpty())
          .collect(Collectors.toUnmodifiableSet());
    }
  }

  /** What was seen of one topic. */
  private static final class Tally {
    final boolean compacted;
    final Map<String, String> placeByEventId = new HashMap<>();
    long records;
    long tombstones;
    long undecodable;
    long repeated;
    long repeatedByItsWriter;

    Tally(boolean compacted) {
      this.compacted = compacted;
    }
  }

  /** A record that a stranger cannot read. */
  private static final class UndecodableException extends Exception {
    UndecodableException(String reason) {
      super(reason);
    }
  }

  private static final class Audit {
    private final Arguments arguments;
    private final Schemas schemas;
    private final Map<String, Tally> tallies = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();

    Audit(Arguments arguments) {
      this.arguments = arguments;
      this.schemas = new Schemas(arguments.registry());
    }

    void read() throws Exception {
      Collection<TopicPartition> partitions = findPartitions();
      Map<String, Object> settings =
          Map.of(
              "bootstrap.servers", arguments.brokers(),
              "isolation.level", "read_committed",
              "enable.auto.commit", "false",
              // Nothing is skipped when the log is cut while it is read.
              "auto.offset.reset", "none",
              "client.id", "topic-audit");
      ByteArrayDeserializer bytes = new ByteArrayDeserializer();
      try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, bytes, bytes)) {
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        seekToStart(consumer, partitions, ends);
        readUntil(consumer, ends);
      }
    }

    private Collection<TopicPartition> findPartitions() throws Exception {
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", arguments.brokers()))) {
        Set<String> names = new HashSet<>(admin.listTopics().names().get());
        if (!arguments.topics().isEmpty()) names.retainAll(arguments.topics());
        // A misspelt name must not pass for a topic without faults.
        Set<String> missing = new HashSet<>(arguments.topics());
        missing.removeAll(names);
        if (!missing.isEmpty()) throw new IllegalStateException("there is no topic " + missing);
        List<ConfigResource> resources =
            names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        admin.describeConfigs(resources).all().get().forEach((resource, config) -> {
          String policy = config.get("cleanup.policy").value();
          tallies.put(resource.name(), new Tally(policy.contains("compact")));
        });
        Collection<TopicPartition> partitions = new ArrayList<>();
        for (TopicDescription topic : admin.describeTopics(names).allTopicNames().get().values()) {
          topic.partitions().forEach(
              info -> partitions.add(new TopicPartition(topic.name(), info.partition())));
        }
        return partitions;
      }
    }

    private void seekToStart(
        KafkaConsumer<byte[], byte[]> consumer,
        Collection<TopicPartition> partitions,
        Map<TopicPartition, Long> ends) {
      if (arguments.since() == 0) {
        consumer.seekToBeginning(partitions);
        return;
      }
      Map<TopicPartition, Long> times = new HashMap<>();
      partitions.forEach(partition -> times.put(partition, arguments.since()));
      Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(times);
      for (TopicPartition partition : partitions) {
        OffsetAndTimestamp start = starts.get(partition);
        consumer.seek(partition, start == null ? ends.get(partition) : start.offset());
      }
    }

    private void readUntil(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends)
        throws IOException, InterruptedException {
      Set<TopicPartition> open = new HashSet<>(ends.keySet());
      long movedAt = System.nanoTime();
      for (;;) {
        // The position also passes what a reader is not shown: control records, aborted ones.
        List<TopicPartition> done =
            open.stream().filter(part -> consumer.position(part) >= ends.get(part)).toList();
        open.removeAll(done);
        if (open.isEmpty()) return;
        consumer.pause(done);
        boolean moved = !done.isEmpty();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          moved = true;
          TopicPartition partition = new TopicPartition(record.topic(), record.partition());
          if (record.offset() < ends.get(partition)) take(record);
        }
        if (moved) movedAt = System.nanoTime();
        if (System.nanoTime() - movedAt > STALLED_AFTER.toNanos()) {
          throw new IllegalStateException("nothing more comes of " + open);
        }
      }
    }

    private void take(ConsumerRecord<byte[], byte[]> record)
        throws IOException, InterruptedException {
      Tally tally = tallies.get(record.topic());
      tally.records += 1;
      String place = record.topic() + "-" + record.partition() + "@" + record.offset();
      try {
        if (record.key() != null) requireText(record.key());
        if (record.value() == null) {
          tally.tombstones += 1;
          if (!tally.compacted) {
            throw new UndecodableException("no value on a topic that keeps all");
          }
          return;
        }
        count(tally, decode(record.value()), place);
      } catch (UndecodableException fault) {
        tally.undecodable += 1;
        note(place + " cannot be decoded: " + fault.getMessage());
      }
    }

    private void count(Tally tally, GenericRecord event, String place) {
      // The state of an app, on its changelog, is no event and has no id.
      if (event.getSchema().getField("eventId") == null) return;
      String eventId = event.get("eventId").toString();
      String first = tally.placeByEventId.putIfAbsent(eventId, place);
      if (first == null) return;
      String name = event.getSchema().getFullName();
      if (arguments.repeatable().contains(name)) {
        tally.repeatedByItsWriter += 1;
      } else {
        tally.repeated += 1;
        note(place + " repeats " + name + " " + eventId + ", which stands at " + first);
      }
    }

    private void note(String fault) {
      if (faults.size() < FAULTS_SHOWN_MAX) faults.add(fault);
    }

    private GenericRecord decode(byte[] value)
        throws UndecodableException, IOException, InterruptedException {
      if (value.length < HEADER_BYTES || value[0] != 0) {
        throw new UndecodableException("it is not in the wire format of a registry");
      }
      Schema schema = schemas.byId(ByteBuffer.wrap(value, 1, 4).getInt());
      BinaryDecoder body =
          DecoderFactory.get()
              .binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null);
      try {
        GenericRecord event = new GenericDatumReader<GenericRecord>(schema).read(null, body);
        if (!body.isEnd()) throw new UndecodableException("bytes are left after the body");
        return event;
      } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException misfit) {
        throw new UndecodableException(schema.getFullName() + ": " + misfit);
      }
    }

    private static void requireText(byte[] key) throws UndecodableException {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key));
      } catch (CharacterCodingException misfit) {
        throw new UndecodableException("its key is not UTF-8");
      }
    }

    boolean holds() {
      return tallies.values().stream().allMatch(tally -> tally.undecodable + tally.repeated == 0);
    }

    void print() {
      String row = "%-40s %9s %10s %11s %8s %21s%n";
      System.out.printf(
          row,
          "topic", "records", "tombstones", "undecodable", "repeated", "repeated by its writer");
      Tally sum = new Tally(false);
      tallies.forEach((name, tally) -> {
        System.out.printf(
            row, name, tally.records, tally.tombstones, tally.undecodable, tally.repeated,
            tally.repeatedByItsWriter);
        sum.records += tally.records;
        sum.undecodable += tally.undecodable;
        sum.repeated += tally.repeated;
      });
      faults.forEach(System.out::println);
      System.out.printf(
          "%d topics, %d records, %d schemas: %d undecodable, %d repeated%n",
          tallies.size(), sum.records, schemas.known(), sum.undecodable, sum.repeated);
    }
  }

  /** Schemas by id, each asked for once. */
  private static final class Schemas {
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final String registry;
    private final Map<Integer, Schema> byId = new HashMap<>();

    Schemas(String registry) {
      this.registry = registry;
    }

    int known() {
      return byId.size();
    }

    Schema byId(int id) throws UndecodableException, IOException, InterruptedException {
      Schema known = byId.get(id);
      if (known != null) return known;
      URI address = URI.create(registry + "/schemas/ids/" + id);
      HttpRequest request = HttpRequest.newBuilder(address).timeout(REGISTRY_ANSWER).build();
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() == 404) throw new UndecodableException("there is no schema " + id);
      if (answer.statusCode() != 200) {
        throw new IOException(address + " was answered " + answer.statusCode());
      }
      String text = json.readTree(answer.body()).get("schema").asText();
      Schema schema = new Schema.Parser().parse(text);
      byId.put(id, schema);
      return schema;
    }
  }
}
