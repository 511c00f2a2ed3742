package org.modelc.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DataSpec.SourceSpec;

/** Opens sources as data blocks do. */
final class Sources {
  private Sources() {}

  static Dataset open(String format, Path path, Map<String, Object> options) {
    return open(format, path, options, new ArrayList<>());
  }

  static Dataset open(
      String format, Path path, Map<String, Object> options, List<String> warnings) {
    SourceSpec source =
        new SourceSpec("rows", format, Map.of("path", path.getFileName().toString()), options);
    return Readers.open(source, path.getParent(), warnings);
  }
}
