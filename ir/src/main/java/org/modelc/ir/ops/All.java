package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.ScalarFunctions;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.ReductionOp;
import org.modelc.ir.op.Sample;
import org.modelc.runtime.spec.DType;

/** Whether all elements are true along axes. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class All extends ReductionOp {
  private static final All OP = new All();

  public All() {
    super("all", Combiner.AND, Domain.BOOLEAN);
  }

  /** Whether all elements are true along axes. */
  public static Value of(GraphBuilder builder, Value x, List<Integer> axes, boolean keep) {
    return axes.isEmpty() ? x : builder.add(OP, new Axes(axes, keep), List.of(x)).get(0);
  }

  @Override
  public boolean isDifferentiable() {
    return false;
  }

  @Override
  protected double initial(DType dtype) {
    return 1;
  }

  @Override
  protected double join(DType dtype, double left, double right) {
    return ScalarFunctions.apply(ScalarOp.AND, dtype, left, right);
  }

  @Override
  public List<Sample<Axes>> samples() {
    return List.of(
        Sample.of(
            "last axis",
            new Axes(List.of(-1), false),
            List.of(Array.bool(new int[] {3, 2}, 0, 0, 1, 0, 1, 1)),
            List.of(Array.bool(new int[] {3}, 0, 0, 1)),
            "by hand"),
        Sample.of(
            "nothing",
            new Axes(List.of(0), false),
            List.of(Array.zeros(DType.BOOL, 0)),
            List.of(Array.bool(new int[] {}, 1)),
            "by hand"));
  }

  @Override
  public String doc() {
    return "whether all elements are true along axes";
  }
}
