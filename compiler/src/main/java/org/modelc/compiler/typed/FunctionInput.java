package org.modelc.compiler.typed;

import java.util.ArrayList;
import java.util.List;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.FittedTransform;
import org.modelc.runtime.spec.TensorSpec;

/**
 * How one input of a function appears in Java.
 *
 * @param spec the tensor the program takes
 * @param java its parameter's name
 * @param form scalar, array or record
 * @param columns the raw columns; for a tensor that no transform makes, one of the tensor's name
 * @param direct whether no transform stands between: the array goes to the program as it is
 */
record FunctionInput(
    TensorSpec spec, String java, Form form, List<RawColumn> columns, boolean direct) {

  /** What one row is to the caller. */
  enum Form {
    /** One number or bool. */
    SCALAR,
    /** An array of one tensor column, or of many number columns side by side. */
    ARRAY,
    /** A record with a component for each raw column. */
    RECORD
  }

  FunctionInput {
    columns = List.copyOf(columns);
  }

  /** A tensor that comes as it is. */
  static FunctionInput direct(TensorSpec spec, String java) {
    RawColumn column = new RawColumn(spec.name(), false, rowShape(spec));
    Form form = column.shape().isEmpty() ? Form.SCALAR : Form.ARRAY;
    return new FunctionInput(spec, java, form, List.of(column), true);
  }

  /** A tensor computed from raw columns. */
  static FunctionInput fitted(TensorSpec spec, String java, FittedTransform fitted) {
    List<RawColumn> columns = RawColumn.of(fitted);
    return new FunctionInput(spec, java, form(fitted, columns), columns, false);
  }

  /** Columns that one pattern or one tensor gives belong together; named columns are fields. */
  private static Form form(FittedTransform fitted, List<RawColumn> columns) {
    if (columns.size() == 1 && !columns.get(0).shape().isEmpty()) {
      return Form.ARRAY;
    }
    boolean numbers =
        columns.stream().noneMatch(column -> column.text() || !column.shape().isEmpty());
    return numbers && columns.size() > 1 && isPattern(fitted) ? Form.ARRAY : Form.RECORD;
  }

  private static boolean isPattern(FittedTransform fitted) {
    if (fitted.inputs().isEmpty()) {
      return Boolean.TRUE.equals(fitted.options().get("pattern"));
    }
    return fitted.inputs().size() == 1 && isPattern(fitted.inputs().get(0));
  }

  /** The shape of one row of the program's tensor. */
  List<Integer> rowShape() {
    return rowShape(spec);
  }

  private static List<Integer> rowShape(TensorSpec spec) {
    List<Integer> shape = new ArrayList<>();
    for (Dim dim : spec.shape().subList(1, spec.shape().size())) {
      shape.add(dim.intValue());
    }
    return shape;
  }

  /** Whether many number columns lie side by side in the caller's array. */
  boolean isSpread() {
    return form == Form.ARRAY && !direct && columns.get(0).shape().isEmpty();
  }

  /** Elements of one row of the caller's array. */
  int width() {
    List<Integer> shape = isSpread() ? List.of(columns.size()) : columns.get(0).shape();
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  /** The shape in which one row's array may be given nested; empty if it may not. */
  List<Integer> nestedShape() {
    List<Integer> shape = isSpread() ? rowShape() : columns.get(0).shape();
    int size = shape.stream().reduce(1, Math::multiplyExact);
    return form == Form.ARRAY && shape.size() > 1 && size == width() ? shape : List.of();
  }
}
