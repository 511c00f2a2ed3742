package org.modelc.data.csv;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.data.SourceFiles;
import org.modelc.runtime.data.DataException;

/**
 * One pass over the rows of a CSV file, with every mistake told by line. Blank lines are skipped.
 */
final class CsvRows implements AutoCloseable {
  private final Path path;
  private final CsvFormat format;
  private final CsvReader<CsvRecord> reader;
  private final Iterator<CsvRecord> records;
  private final List<String> names;
  private CsvRecord pending;
  private long line = 1;

  CsvRows(Path path, CsvFormat format) {
    this.path = path;
    this.format = format;
    try {
      // A decoder that reports: the default one replaces bad bytes without a word.
      Reader text =
          new InputStreamReader(
              Files.newInputStream(path),
              StandardCharsets.UTF_8
                  .newDecoder()
                  .onMalformedInput(CodingErrorAction.REPORT)
                  .onUnmappableCharacter(CodingErrorAction.REPORT));
      this.reader =
          CsvReader.builder()
              .fieldSeparator(format.separator())
              .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
              .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
              .allowUnclosedQuote(false)
              .ofCsvRecord(text);
    } catch (IOException e) {
      throw SourceFiles.unreadable(path, e);
    }
    this.records = reader.iterator();
    this.names = readNames();
  }

  /** The columns' names, all different. */
  List<String> names() {
    return names;
  }

  /** The line on which the last row began, from 1. */
  long line() {
    return line;
  }

  /** The fields of the next row; null after the last. */
  CsvRecord next() {
    CsvRecord record = pending != null ? pending : read();
    pending = null;
    if (record != null && record.getFieldCount() != names.size()) {
      throw ragged(record);
    }
    return record;
  }

  private CsvRecord read() {
    try {
      if (!records.hasNext()) {
        return null;
      }
      CsvRecord record = records.next();
      line = record.getStartingLineNumber();
      return record;
    } catch (CsvParseException e) {
      throw new DataException(
          at(line) + "the text after this row cannot be parsed: " + reason(e),
          "a quoted field ends with a quote before the separator; quotes inside are doubled",
          e);
    } catch (UncheckedIOException e) {
      if (hasCodingCause(e)) {
        throw new DataException(
            at(line) + "after this row come bytes that are no UTF-8", "save the file as UTF-8", e);
      }
      throw SourceFiles.unreadable(path, e.getCause());
    }
  }

  private static boolean hasCodingCause(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof CharacterCodingException) {
        return true;
      }
    }
    return false;
  }

  private static String reason(Throwable thrown) {
    Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
    return String.valueOf(cause.getMessage());
  }

  private List<String> readNames() {
    CsvRecord first = read();
    if (first == null) {
      throw new DataException(path + " is empty", "its first line should name the columns");
    }
    List<String> found = new ArrayList<>();
    Map<String, Integer> positions = new LinkedHashMap<>();
    for (int i = 0; i < first.getFieldCount(); i++) {
      String name = format.header() ? withoutMark(first.getField(i), i).trim() : "";
      name = name.isEmpty() ? "column_" + (i + 1) : name;
      Integer earlier = positions.put(name, i + 1);
      if (earlier != null) {
        throw new DataException(
            at(line) + "columns " + earlier + " and " + (i + 1) + " are both called `" + name + "`",
            "each column needs a name of its own");
      }
      found.add(name);
    }
    pending = format.header() ? null : first;
    return found;
  }

  /** Some programs begin UTF-8 files with a byte order mark. */
  private static String withoutMark(String field, int position) {
    boolean marked = position == 0 && !field.isEmpty() && field.charAt(0) == '\uFEFF';
    return marked ? field.substring(1) : field;
  }

  private DataException ragged(CsvRecord record) {
    String hint =
        (names.size() == 1 && record.getFieldCount() > 1) || record.getFieldCount() == 1
            ? "say separator: \";\" or \"\\t\" if another character stands between the fields"
            : "a field with the separator in it needs quotes around it";
    return new DataException(
        at(line)
            + "the row has "
            + record.getFieldCount()
            + " fields, the first row "
            + names.size(),
        hint);
  }

  private String at(long number) {
    return path + ":" + number + ": ";
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw SourceFiles.unreadable(path, e);
    }
  }
}
