import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Generated records in Confluent's wire format. The ids are given on the command line, so the peer
 * is spared the registry. An instance belongs to one thread; buffers, readers and writers are reused.
 */
final class WireFormat {
  private static final int HEADER_BYTES = 5;
  /** Of the generated classes, before the namespace of the schema. */
  private static final String PACKAGE = "shop.";

  /** Ids of the schemas by `topic-full.Name`, and the classes by id. */
  record Schemas(Map<String, Integer> ids, Map<Integer, Class<? extends SpecificRecord>> classes) {

    /** `topic-full.Name=id,…`. */
    static Schemas parse(String text) {
      Map<String, Integer> ids = new HashMap<>();
      Map<Integer, Class<? extends SpecificRecord>> classes = new HashMap<>();
      for (String pair : text.split(",")) {
        String subject = pair.substring(0, pair.indexOf('='));
        int id = Integer.parseInt(pair.substring(pair.indexOf('=') + 1));
        ids.put(subject, id);
        classes.put(id, classOf(subject.substring(subject.indexOf('-') + 1)));
      }
      return new Schemas(ids, classes);
    }

    private static Class<? extends SpecificRecord> classOf(String name) {
      try {
        return Class.forName(PACKAGE + name).asSubclass(SpecificRecord.class);
      } catch (ClassNotFoundException missing) {
        throw new IllegalArgumentException("no class was generated for " + name, missing);
      }
    }
  }

  private final Schemas schemas;
  private final Map<Integer, SpecificDatumReader<SpecificRecord>> readers = new HashMap<>();
  private final Map<Schema, SpecificDatumWriter<SpecificRecord>> writers = new HashMap<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
  private BinaryDecoder decoder;
  private BinaryEncoder encoder;

  WireFormat(Schemas schemas) {
    this.schemas = schemas;
  }

  SpecificRecord decode(byte[] value) {
    int id = ByteBuffer.wrap(value, 1, 4).getInt();
    SpecificDatumReader<SpecificRecord> reader = readers.computeIfAbsent(id, this::readerOf);
    decoder =
        DecoderFactory.get()
            .binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, decoder);
    try {
      return reader.read(null, decoder);
    } catch (IOException damaged) {
      throw new SerializationException(damaged);
    }
  }

  private SpecificDatumReader<SpecificRecord> readerOf(int id) {
    Class<? extends SpecificRecord> type = schemas.classes.get(id);
    if (type == null) throw new SerializationException("no schema " + id);
    return new SpecificDatumReader<>(schemaOf(type));
  }

  private static Schema schemaOf(Class<? extends SpecificRecord> type) {
    return SpecificData.get().getSchema(type);
  }

  byte[] encode(String topic, SpecificRecord record) {
    Integer id = schemas.ids.get(subjectOf(topic, record));
    if (id == null) throw new SerializationException("not registered: " + subjectOf(topic, record));
    bytes.reset();
    bytes.write(0);
    bytes.write(id >>> 24);
    bytes.write(id >>> 16);
    bytes.write(id >>> 8);
    bytes.write(id);
    encoder = EncoderFactory.get().directBinaryEncoder(bytes, encoder);
    try {
      writers.computeIfAbsent(record.getSchema(), SpecificDatumWriter::new).write(record, encoder);
    } catch (IOException impossible) {
      throw new SerializationException(impossible);
    }
    return bytes.toByteArray();
  }

  /** The peer's own output topics stand for the shop's: each begins with its run's name. */
  private static String subjectOf(String topic, SpecificRecord record) {
    return topic.substring(topic.indexOf(AlertJoin.RUN_END) + 1)
        + "-"
        + record.getSchema().getFullName().substring(PACKAGE.length());
  }
}
