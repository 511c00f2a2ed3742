package org.modelc.runtime.data;

import java.util.List;

/**
 * What a row filter did, for the report.
 *
 * @param kind the filter
 * @param columns the columns it was told to look at; empty for all
 * @param count how many rows or values it changed
 * @param what what was counted: {@code rows dropped}, {@code values clipped}
 */
public record FilterCount(String kind, List<String> columns, int count, String what) {
  public FilterCount {
    columns = List.copyOf(columns);
  }

  @Override
  public String toString() {
    String of = columns.isEmpty() ? "" : " of " + String.join(", ", columns);
    return kind + of + ": " + count + " " + what;
  }
}
