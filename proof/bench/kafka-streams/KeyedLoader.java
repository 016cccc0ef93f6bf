import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes one record for each of N keys as fast as a broker takes them, partitioned as Java's client
 * does by default. The value is a template in which the sample key is replaced by each key, all of
 * which are as long as it.
 *
 * <p>KeyedLoader BROKERS TOPIC FIRST COUNT SAMPLE_KEY TEMPLATE_HEX
 */
public final class KeyedLoader {
  public static void main(String[] args) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", args[0]);
    properties.put("acks", "all");
    properties.put("linger.ms", 5);
    properties.put("batch.size", 256 * 1024);
    properties.put("buffer.memory", 64L * 1024 * 1024);
    long first = Long.parseLong(args[2]);
    long count = Long.parseLong(args[3]);
    String sample = args[4];
    String digits = "%0" + (sample.length() - 1) + "d";
    byte[] template = HexFormat.of().parseHex(args[5]);
    byte[] old = sample.getBytes(StandardCharsets.UTF_8);
    long begun = System.currentTimeMillis();
    try (var producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (long number = first; number < first + count; number++) {
        byte[] key = (sample.charAt(0) + digits.formatted(number)).getBytes(StandardCharsets.UTF_8);
        byte[] value = replaced(template, old, key);
        producer.send(
            new ProducerRecord<>(args[1], key, value),
            (written, error) -> {
              if (error != null) {
                System.err.println("not written: " + error);
                Runtime.getRuntime().halt(1);
              }
            });
      }
    }
    System.out.println("loaded " + (System.currentTimeMillis() - begun));
  }

  private static byte[] replaced(byte[] template, byte[] old, byte[] key) {
    byte[] value = template.clone();
    for (int at = 0; at + old.length <= value.length; at++) {
      int length = 0;
      while (length < old.length && value[at + length] == old[length]) length++;
      if (length == old.length) System.arraycopy(key, 0, value, at, key.length);
    }
    return value;
  }
}
