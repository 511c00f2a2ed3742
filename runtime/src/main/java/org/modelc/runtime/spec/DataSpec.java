package org.modelc.runtime.spec;

import java.util.List;
import java.util.Map;

/**
 * A {@code data} block: where rows come from and how they are split.
 *
 * @param name the block's name
 * @param sources the sources by binding: one ({@code rows}) that is split, or separate {@code
 *     train}, {@code validation} and {@code test}
 * @param filters what drops or changes rows, in order
 * @param derived columns computed from columns, in order
 * @param split how rows are divided; null when the sources are separate and no validation is cut
 */
public record DataSpec(
    String name,
    List<SourceSpec> sources,
    List<FilterSpec> filters,
    List<DerivedColumn> derived,
    SplitSpec split) {
  public DataSpec {
    sources = List.copyOf(sources);
    filters = List.copyOf(filters);
    derived = List.copyOf(derived);
  }

  /**
   * A reader and its arguments.
   *
   * @param binding {@code rows}, {@code train}, {@code validation} or {@code test}
   * @param format the reader: {@code csv}, {@code idx}, {@code folder}, {@code jsonl}
   * @param paths files or folders, relative to the model file; by the reader's argument names
   *     ({@code images}, {@code labels}), or {@code path} for the first
   * @param options the other settings
   */
  public record SourceSpec(
      String binding, String format, Map<String, String> paths, Map<String, Object> options) {
    public SourceSpec {
      paths = Map.copyOf(paths);
      options = Map.copyOf(options);
    }
  }

  /**
   * A row filter or repair.
   *
   * @param kind {@code drop_missing}, {@code drop_duplicates}, {@code drop_outliers}, {@code
   *     clip_outliers}
   * @param columns the columns it looks at; empty for all
   * @param options {@code method} ({@code iqr} or {@code z}) and {@code factor}
   */
  public record FilterSpec(String kind, List<String> columns, Map<String, Object> options) {
    public FilterSpec {
      columns = List.copyOf(columns);
      options = Map.copyOf(options);
    }
  }

  /** {@code bad = (Status == "bad")}: a new column, or a column replaced. */
  public record DerivedColumn(String name, ColumnExpression expression) {}

  /**
   * An expression over the columns of one row.
   *
   * @param operator {@code column}, {@code number}, {@code text}, {@code bool}; an arithmetic,
   *     comparison or logical operator ({@code + - * / ^ == != < <= > >= and or not negate}); or a
   *     function ({@code log}, {@code exp}, {@code sqrt}, {@code abs}, {@code min}, {@code max},
   *     {@code category})
   * @param value the column's name or the literal's text; empty otherwise
   */
  public record ColumnExpression(String operator, String value, List<ColumnExpression> operands) {
    public ColumnExpression {
      operands = List.copyOf(operands);
    }
  }

  /**
   * A division of rows.
   *
   * @param kind {@code ordered}, {@code random} or {@code stratified}
   * @param train the share of training rows, 0 to 1
   * @param validation the share of validation rows; 0 for none
   * @param test the share of test rows; 0 when a separate test source exists
   * @param by the column whose classes keep their shares, or null
   * @param seed the seed of the shuffle
   */
  public record SplitSpec(
      String kind, double train, double validation, double test, String by, long seed) {}
}
