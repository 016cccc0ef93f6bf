import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.common.errors.SerializationException;
import shop.alerts.state.OrderAlertsState;

/** States to bytes and back; of one thread. */
final class StateFormat {
  private final SpecificDatumWriter<OrderAlertsState> writer =
      new SpecificDatumWriter<>(OrderAlertsState.getClassSchema());
  private final SpecificDatumReader<OrderAlertsState> reader =
      new SpecificDatumReader<>(OrderAlertsState.getClassSchema());
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
  private BinaryEncoder encoder;
  private BinaryDecoder decoder;

  byte[] encode(OrderAlertsState state) {
    bytes.reset();
    encoder = EncoderFactory.get().directBinaryEncoder(bytes, encoder);
    try {
      writer.write(state, encoder);
    } catch (IOException impossible) {
      throw new SerializationException(impossible);
    }
    return bytes.toByteArray();
  }

  OrderAlertsState decode(byte[] value) {
    decoder = DecoderFactory.get().binaryDecoder(value, decoder);
    try {
      return reader.read(null, decoder);
    } catch (IOException damaged) {
      throw new SerializationException(damaged);
    }
  }
}
