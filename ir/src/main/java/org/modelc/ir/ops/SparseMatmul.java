package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.SampleValues;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * The product of rows {@code x[..., depth]} with a matrix of which most elements are 0, given as
 * {@link SparsePanels}. A backend without a kernel for it multiplies with the matrix as it is with
 * its zeros. Whether a 0 of the matrix is multiplied with what is not finite is left open.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class SparseMatmul extends CompositeOp<SparseMatmul.Attributes> {
  private static final SparseMatmul OP = new SparseMatmul();

  /** The columns of the matrix. */
  public record Attributes(@Attribute(doc = "how many columns the matrix has") int columns) {}

  public SparseMatmul() {
    super("sparse_matmul", Attributes.class, "x", "values", "rows", "starts");
  }

  /** The product; see {@link SparsePanels} for the operands behind the first. */
  public static Value of(
      GraphBuilder builder, Value x, Value values, Value rows, Value starts, int columns) {
    Attributes attributes = new Attributes(columns);
    return builder.add(OP, attributes, List.of(x, values, rows, starts)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType x = call.tensor(0);
    TensorType values = call.tensor(1);
    TensorType rows = call.tensor(2);
    TensorType starts = call.tensor(3);
    Domain.FLOATING.check(name(), x.dtype());
    boolean types =
        values.dtype() == x.dtype() && rows.dtype() == DType.I32 && starts.dtype() == DType.I32;
    boolean ranks = x.rank() > 0 && values.rank() == 2 && starts.rank() == 1;
    if (!types || !ranks || !rows.shape().equals(values.shape())) {
      throw new OpException(
          name()
              + " does not take x "
              + x
              + ", values "
              + values
              + ", rows "
              + rows
              + ", starts "
              + starts,
          "values are [steps, width] of x's type, rows i32[steps, width], starts i32[panels + 1]");
    }
    int columns = call.attributes().columns();
    Dim width = values.dim(1);
    boolean known = width.isStatic() && starts.dim(0).isStatic() && x.dim(-1).isStatic();
    if (!known || width.value() < 1 || starts.dim(0).value() - 1 != panels(columns, width)) {
      throw new OpException(
          name() + " has " + columns + " columns in panels of " + width + ", starts " + starts,
          "there is a start for each panel and the end of the last");
    }
    List<Dim> shape = new ArrayList<>(x.shape());
    shape.set(shape.size() - 1, Dim.constant(columns));
    return List.of(x.withShape(shape));
  }

  private static long panels(int columns, Dim width) {
    return (columns + width.value() - 1) / width.value();
  }

  @Override
  public List<Value> expand(GraphBuilder builder, Attributes attributes, List<Value> operands) {
    Value x = operands.get(0);
    Value matrix =
        SparsePanels.dense(
            builder,
            operands.get(1),
            operands.get(2),
            operands.get(3),
            x.tensor().dim(-1),
            attributes.columns());
    return List.of(Matmul.of(builder, x, matrix));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    Array x = Array.f32(new int[] {2, 3}, 1, 2, 3, -1, 0, 4);
    Array values = Array.f32(new int[] {3, 2}, 5, 6, 7, 0, -2, 0.5);
    Array rows = Array.i32(new int[] {3, 2}, 0, 1, 2, 0, 1, 2);
    Array starts = Array.i32(new int[] {3}, 0, 2, 3);
    return List.of(
        Sample.of(
            "four columns in panels of two",
            new Attributes(4),
            List.of(x, values, rows, starts),
            List.of(Array.f32(new int[] {2, 4}, 26, 12, -4, 1.5, 23, 0, 0, 2)),
            "by hand: columns (5, 0, 7), (0, 6, 0), (0, -2, 0), (0, 0, 0.5)"),
        panels("few rows, an empty panel, ragged columns", 3, 13, 39),
        panels("more rows than lanes of a block", 37, 21, 23),
        panels("one row", 1, 7, 16));
  }

  /** Panels of 16 columns, which kernels like, with 0 to 4 steps each. */
  private static Sample<Attributes> panels(String name, int batch, int depth, int columns) {
    int panels = (columns + 15) / 16;
    double[] starts = new double[panels + 1];
    for (int panel = 0; panel < panels; panel++) {
      starts[panel + 1] = starts[panel] + (panel == 1 ? 0 : 5 - panel);
    }
    int steps = (int) starts[panels];
    Array values = SampleValues.spread(2, steps, 16);
    double[] rows = new double[values.size()];
    for (int i = 0; i < rows.length; i++) {
      int line = i / 16;
      int panel = line < starts[1] ? 0 : panels - 1;
      int step = line - (int) starts[panel];
      rows[i] = (step + i % 16 * 3) % depth;
      boolean isColumn = panel * 16 + i % 16 < columns;
      values.data()[i] = isColumn ? values.data()[i] : 0;
    }
    return Sample.of(
        name,
        new Attributes(columns),
        List.of(
            SampleValues.spread(1, batch, depth),
            values,
            new Array(DType.I32, new int[] {steps, 16}, rows),
            new Array(DType.I32, new int[] {panels + 1}, starts)));
  }

  @Override
  public String doc() {
    return "the product with a matrix of which only the elements that are not 0 are given";
  }
}
