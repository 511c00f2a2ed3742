package org.modelc.compiler.compress;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.runtime.FormatException;
import org.modelc.runtime.ModelResources;

/**
 * What a compressed jar says of its compression, beside its manifest.
 *
 * @param quantities the model before and after
 * @param parameters how each parameter is stored
 */
public record CompressionTable(List<Quantity> quantities, List<StoredParameter> parameters) {
  /** Something measured of the model before and after: {@code test accuracy}, {@code jar}. */
  public record Quantity(String name, double before, double after) {}

  /** Where it stands in a jar. */
  public static String resourceOf(String model) {
    return ModelResources.FOLDER + model + "/compression.json";
  }

  /**
   * The table without what differs from run to run, so that equal inputs give equal jars.
   *
   * @return JSON
   */
  public byte[] encode() {
    List<Quantity> same =
        quantities.stream().filter(quantity -> !quantity.name().equals("latency")).toList();
    try {
      return new ObjectMapper().writeValueAsBytes(new CompressionTable(same, parameters));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * The table in a jar; empty if the jar is not compressed.
   *
   * @throws FormatException if it cannot be read
   */
  public static Optional<CompressionTable> of(ModelArchive jar) {
    String resource = resourceOf(jar.model().manifest().name());
    byte[] bytes = jar.entry(resource);
    if (bytes == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ObjectMapper().readValue(bytes, CompressionTable.class));
    } catch (IOException broken) {
      throw new FormatException(resource + " cannot be read", "make the jar again", broken);
    }
  }
}
