import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.apache.avro.Schema;
import org.apache.avro.compiler.specific.SpecificCompiler;
import org.apache.avro.generic.GenericData.StringType;

/**
 * Makes Java classes of schemas that are each complete in themselves, as Avro's own plugin for Maven
 * would: getters, no public fields, strings as java.lang.String.
 *
 * <p>GenerateRecords SCHEMAS SOURCES
 */
public final class GenerateRecords {
  public static void main(String[] args) throws IOException {
    File sources = new File(args[1]);
    try (var files = Files.list(Path.of(args[0]))) {
      for (Path file : files.sorted(Comparator.naturalOrder()).toList()) {
        var compiler = new SpecificCompiler(new Schema.Parser().parse(file.toFile()));
        compiler.setStringType(StringType.String);
        compiler.setFieldVisibility(SpecificCompiler.FieldVisibility.PRIVATE);
        compiler.compileToDestination(file.toFile(), sources);
      }
    }
  }
}
