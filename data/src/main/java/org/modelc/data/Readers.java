package org.modelc.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.modelc.data.csv.CsvSource;
import org.modelc.data.idx.IdxSource;
import org.modelc.data.image.FolderSource;
import org.modelc.data.json.JsonLinesSource;
import org.modelc.runtime.NearestName;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DataSpec;
import org.modelc.runtime.spec.DataSpec.SourceSpec;

/** Opens the sources of data blocks. */
public final class Readers {
  private static final Map<String, Reader> BY_FORMAT = new LinkedHashMap<>();

  static {
    BY_FORMAT.put("csv", new CsvSource());
    BY_FORMAT.put("folder", new FolderSource());
    BY_FORMAT.put("idx", new IdxSource());
    BY_FORMAT.put("jsonl", new JsonLinesSource());
  }

  private Readers() {}

  /** One file format. */
  public interface Reader {
    /** The named paths of the source, the first being the one given without a name. */
    List<String> paths();

    /** The options it takes. */
    Set<String> options();

    /**
     * Opens a source whose paths and options are known to this reader.
     *
     * @param warnings gets a sentence for each oddity
     */
    Dataset open(SourceSpec source, Path base, List<String> warnings);
  }

  /** The formats, sorted. */
  public static List<String> formats() {
    return new ArrayList<>(new TreeSet<>(BY_FORMAT.keySet()));
  }

  /**
   * Opens a source.
   *
   * @param base the folder of the model file, where relative paths start
   * @throws DataException if a file is missing, damaged or empty, or the source asks for what its
   *     format has not
   */
  public static Dataset open(SourceSpec source, Path base) {
    return open(source, base, new ArrayList<>());
  }

  /**
   * The reader of a format.
   *
   * @throws DataException if there is none
   */
  public static Reader of(String format) {
    Reader reader = BY_FORMAT.get(format);
    if (reader == null) {
      throw new DataException(
          "no data format `" + format + "`", NearestName.hint(format, formats()));
    }
    return reader;
  }

  /** Opens a source and tells what is odd. */
  public static Dataset open(SourceSpec source, Path base, List<String> warnings) {
    Reader reader = of(source.format());
    check(source, source.options().keySet(), reader.options());
    check(source, source.paths().keySet(), reader.paths());
    return reader.open(source, base, warnings);
  }

  /** Opens every source of a data block, by binding. */
  public static Map<String, Dataset> openAll(DataSpec data, Path base, List<String> warnings) {
    Map<String, Dataset> opened = new LinkedHashMap<>();
    for (SourceSpec source : data.sources()) {
      opened.put(source.binding(), open(source, base, warnings));
    }
    return opened;
  }

  private static void check(
      SourceSpec source, Iterable<String> given, java.util.Collection<String> known) {
    for (String name : given) {
      if (!known.contains(name)) {
        throw new DataException(
            source.format() + " has no setting `" + name + "`",
            NearestName.hint(name, new TreeSet<>(known)));
      }
    }
  }
}
