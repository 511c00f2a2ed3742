package org.modelc.ir.ops;

import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * How a matrix of which most elements are 0 is laid out: in panels of some neighbouring columns.
 * Each column of a panel has as many places, one below the other, as its fullest one has elements
 * ({@code values[step, column]}); {@code rows[step, column]} says which row of the matrix an
 * element is of, {@code starts[panel]} where a panel's places begin, its last element where the
 * last panel's end. Places that a column does not need hold 0. (Kreutzer et al., SELL-C-σ, 2014.)
 */
public final class SparsePanels {
  private SparsePanels() {}

  /**
   * The rows of elements that are told by gaps: each is the sum of its column's gaps in its panel
   * so far.
   *
   * @param gaps i8[steps, columns], none below 0
   * @param starts i32[panels + 1]
   */
  public static Value rows(GraphBuilder builder, Value gaps, Value starts) {
    Value wide = Cast.of(builder, gaps, DType.I32);
    Value sums = Cumsum.of(builder, wide, 0, false);
    Value before = Subtract.of(builder, sums, wide);
    Value panels = panels(builder, starts, gaps.tensor().dim(0));
    Value first = Gather.of(builder, starts, panels, 0);
    return Subtract.of(builder, sums, Gather.of(builder, before, first, 0));
  }

  /**
   * The matrix with its zeros.
   *
   * @param depth how many rows it has
   * @param columns how many columns
   */
  public static Value dense(
      GraphBuilder builder, Value values, Value rows, Value starts, Dim depth, int columns) {
    List<Dim> shape = values.tensor().shape();
    Dim width = shape.get(1);
    Dim all = starts.tensor().dim(0).plus(-1).times(width);
    Value panels = panels(builder, starts, shape.get(0));
    Value wide = Constant.like(builder, panels, width.intValue());
    Value first =
        Reshape.of(builder, Multiply.of(builder, panels, wide), List.of(shape.get(0), Dim.ONE));
    Value column = Add.of(builder, first, Iota.of(builder, DType.I32, List.of(Dim.ONE, width), 1));
    Value row = Multiply.of(builder, rows, whole(builder, all));
    Dim places = shape.get(0).times(width);
    Value index = Reshape.of(builder, Add.of(builder, row, column), List.of(places));
    Value elements = Reshape.of(builder, values, List.of(places));
    Value flat = ScatterAdd.of(builder, elements, index, depth.times(all), 0);
    Value matrix = Reshape.of(builder, flat, List.of(depth, all));
    return Slice.ofAxis(builder, matrix, 1, Dim.ZERO, Dim.constant(columns));
  }

  private static Value whole(GraphBuilder builder, Dim dim) {
    return Constant.scalar(builder, DType.I32, dim.intValue());
  }

  /** Which panel each step is of: how many panels but the first have begun. */
  private static Value panels(GraphBuilder builder, Value starts, Dim steps) {
    TensorType type = starts.tensor();
    Value begun = Slice.ofAxis(builder, starts, 0, Dim.ONE, type.dim(0).plus(-1));
    Value ones = Constant.full(builder, DType.I32, begun.tensor().shape(), 1);
    Value marks = ScatterAdd.of(builder, ones, begun, steps, 0);
    return Cumsum.of(builder, marks, 0, false);
  }
}
