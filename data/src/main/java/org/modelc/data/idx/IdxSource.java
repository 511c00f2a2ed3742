package org.modelc.data.idx;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.data.HeldRows;
import org.modelc.data.Readers;
import org.modelc.data.SourceFiles;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DataSpec.SourceSpec;
import org.modelc.runtime.transform.Options;

/**
 * {@code idx(images: "train-images-idx3-ubyte.gz", labels: "train-labels-idx1-ubyte.gz", classes:
 * 10)}: columns {@code image} and {@code label}. Where {@code classes} is given, labels are checked
 * against it. Files of more than {@code memory} megabytes ({@value HeldRows#MEGABYTES}, unless
 * given) stay on disk.
 */
public final class IdxSource implements Readers.Reader {
  @Override
  public List<String> paths() {
    return List.of("images", "labels");
  }

  @Override
  public Set<String> options() {
    return Set.of("classes", "memory");
  }

  @Override
  public Dataset open(SourceSpec source, Path base, List<String> warnings) {
    Map<String, IdxFile> files = new LinkedHashMap<>();
    read(source, base, "images", "image", files);
    read(source, base, "labels", "label", files);
    if (files.isEmpty()) {
      throw new DataException("idx has no file", "write idx(images: \"…\", labels: \"…\")");
    }
    IdxDataset.check(files);
    int classes = Options.integer(source.options(), "classes", 0);
    if (classes > 0 && files.containsKey("label")) {
      checkLabels(files.get("label"), classes);
    }
    return new IdxDataset(files);
  }

  private static void read(
      SourceSpec source, Path base, String argument, String column, Map<String, IdxFile> files) {
    String name = source.paths().get(argument);
    if (name != null) {
      long memory = HeldRows.most(source.options());
      files.put(column, IdxFile.read(SourceFiles.file(base, name), memory));
    }
  }

  private static void checkLabels(IdxFile labels, int classes) {
    for (int i = 0; i < labels.shape().get(0); i++) {
      double label = labels.element().get(labels.rows().row(i), 0);
      if (label < 0 || label >= classes || label != Math.rint(label)) {
        throw new DataException(
            labels.path()
                + " has the label "
                + label
                + " in row "
                + (i + 1)
                + "; with "
                + classes
                + " classes labels go from 0 to "
                + (classes - 1),
            "the file is damaged, or `classes` is too small");
      }
    }
  }
}
