package org.modelc.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.modelc.data.csv.CsvSource;
import org.modelc.data.image.PictureInput;
import org.modelc.data.json.JsonInput;
import org.modelc.runtime.NearestName;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.FittedTransform;
import org.modelc.runtime.spec.FunctionSpec;

/**
 * Raw rows for a model's function, read from one file: {@code .csv} (a row a line), {@code .json}
 * (an object, or an array of objects), {@code .jsonl}, or a picture ({@code .png}, {@code .jpg}).
 *
 * @param batch the raw columns
 * @param single whether the file holds one case rather than a list of them
 */
public record RawInput(ColumnBatch batch, boolean single) {
  private static final List<String> ENDINGS =
      List.of("csv", "json", "jsonl", "png", "jpg", "jpeg", "gif", "bmp");

  /**
   * Reads the raw columns that a function's inputs are computed from.
   *
   * @param function whose inputs are wanted; an input without a transform is a tensor by its own
   *     name
   * @param fitted the model's transforms by input name
   * @throws DataException if the file is missing, damaged, of an unknown kind, or lacks a column
   */
  public static RawInput read(
      Path file, FunctionSpec function, Map<String, FittedTransform> fitted) {
    RawColumns columns = RawColumns.of(function, fitted);
    Path path = SourceFiles.file(Path.of(""), file.toString());
    return switch (ending(path)) {
      case "csv" -> new RawInput(readCsv(path, columns), false);
      case "json" -> JsonInput.read(path, columns);
      case "jsonl" -> JsonInput.readLines(path, columns);
      case "png", "jpg", "jpeg", "gif", "bmp" ->
          new RawInput(PictureInput.read(path, function, fitted), true);
      default ->
          throw new DataException(
              path + " is of no known kind",
              "the file's name ends in one of ." + String.join(", .", ENDINGS));
    };
  }

  private static ColumnBatch readCsv(Path path, RawColumns columns) {
    Dataset data = CsvSource.load(path);
    columns.check(path, data.names());
    return data.readAll(columns.names());
  }

  private static String ending(Path path) {
    String name = path.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  /**
   * The raw columns of a function.
   *
   * @param names each once, in the order of first use
   */
  public record RawColumns(List<String> names) {
    static RawColumns of(FunctionSpec function, Map<String, FittedTransform> fitted) {
      List<String> names = new ArrayList<>();
      function.inputs().forEach(input -> addAll(names, input.name(), fitted.get(input.name())));
      return new RawColumns(names);
    }

    private static void addAll(List<String> names, String input, FittedTransform transform) {
      List<String> columns =
          transform == null
              ? List.of(input)
              : org.modelc.runtime.transform.Transforms.columns(transform);
      for (String column : columns) {
        if (!names.contains(column)) {
          names.add(column);
        }
      }
    }

    /**
     * Checks that a file has all of them.
     *
     * @throws DataException naming those it lacks
     */
    public void check(Path path, List<String> present) {
      List<String> absent = names.stream().filter(name -> !present.contains(name)).toList();
      if (absent.isEmpty()) {
        return;
      }
      String listed = String.join("`, `", absent.subList(0, Math.min(10, absent.size())));
      throw new DataException(
          path
              + " lacks "
              + (absent.size() == 1 ? "the column" : absent.size() + " columns")
              + " `"
              + listed
              + (absent.size() > 10 ? "`, …" : "`"),
          present.isEmpty() ? "" : NearestName.hint(absent.get(0), present));
    }
  }
}
