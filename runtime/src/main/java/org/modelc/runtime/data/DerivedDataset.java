package org.modelc.runtime.data;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.modelc.runtime.spec.DataSpec.ColumnExpression;
import org.modelc.runtime.spec.DataSpec.DerivedColumn;

/** A dataset with one column more, or one replaced, computed from the columns of the same row. */
public final class DerivedDataset implements Dataset {
  private final Dataset source;
  private final String name;
  private final ColumnExpression expression;
  private final List<String> operands;
  private final List<Column> columns;

  private DerivedDataset(Dataset source, DerivedColumn derived) {
    this.source = source;
    this.name = derived.name();
    this.expression = derived.expression();
    Set<String> read = new LinkedHashSet<>();
    collect(expression, read);
    this.operands = List.copyOf(read);
    Column column = new Column(name, ExpressionTypes.of(expression, source), null, List.of());
    this.columns = with(source.columns(), column);
  }

  /**
   * A dataset with derived columns, each of which may use those before it.
   *
   * @throws DataException if an expression names an unknown column or mixes types
   */
  public static Dataset of(Dataset source, List<DerivedColumn> derived) {
    Dataset result = source;
    for (DerivedColumn column : derived) {
      result = new DerivedDataset(result, column);
    }
    return result;
  }

  private static List<Column> with(List<Column> columns, Column added) {
    List<Column> result = new ArrayList<>();
    boolean replaced = false;
    for (Column column : columns) {
      boolean same = column.name().equals(added.name());
      result.add(same ? added : column);
      replaced |= same;
    }
    if (!replaced) {
      result.add(added);
    }
    return List.copyOf(result);
  }

  private static void collect(ColumnExpression expression, Set<String> read) {
    if (expression.operator().equals("column")) {
      read.add(expression.value());
    }
    for (ColumnExpression operand : expression.operands()) {
      collect(operand, read);
    }
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  @Override
  public int size() {
    return source.size();
  }

  @Override
  public ColumnBatch read(int[] rows, List<String> names) {
    if (!names.contains(name)) {
      return source.read(rows, names);
    }
    Set<String> needed = new LinkedHashSet<>(names);
    needed.remove(name);
    needed.addAll(operands);
    ColumnBatch batch = source.read(rows, List.copyOf(needed));
    Object computed = ExpressionValues.of(expression, batch);
    List<Column> wanted = new ArrayList<>();
    Object[] values = new Object[names.size()];
    for (int i = 0; i < values.length; i++) {
      wanted.add(column(names.get(i)));
      values[i] = names.get(i).equals(name) ? computed : batch.values(names.get(i));
    }
    return new ColumnBatch(rows.length, wanted, values);
  }
}
