package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.SampleValues;

/**
 * The index of the largest element along an axis: the first of equals; of a NaN if there is one.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Argmax extends ArgumentOp {
  private static final Argmax OP = new Argmax();

  public Argmax() {
    super("argmax", Combiner.MAXIMUM, Double.NEGATIVE_INFINITY);
  }

  /** The index of the largest element along an axis, i32. */
  public static Value of(GraphBuilder builder, Value x, int axis) {
    return builder.add(OP, new Attributes(axis), List.of(x)).get(0);
  }

  @Override
  protected boolean better(double left, double right) {
    return left > right;
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return List.of(
        Sample.of(
            "last axis",
            new Attributes(-1),
            List.of(Array.f32(new int[] {2, 3}, 1, 3, 2, -5, -4, -6)),
            List.of(Array.i32(new int[] {2}, 1, 1)),
            "by hand"),
        Sample.of(
            "first of equals",
            new Attributes(0),
            List.of(Array.f32(new int[] {4}, 1, 2, 1, 2)),
            List.of(Array.i32(new int[] {}, 1)),
            "by hand"),
        Sample.of(
            "first NaN",
            new Attributes(0),
            List.of(Array.f32(new int[] {4}, 1, Double.NaN, 0, Double.NaN)),
            List.of(Array.i32(new int[] {}, 1)),
            "numpy 1.24.2 argmax"),
        Sample.of(
            "infinite",
            new Attributes(0),
            List.of(Array.f32(new int[] {2}, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY)),
            List.of(Array.i32(new int[] {}, 0)),
            "numpy 1.24.2 argmax"),
        Sample.of("odd sizes", new Attributes(1), List.of(SampleValues.spread(5, 3, 7, 2))));
  }

  @Override
  public String doc() {
    return "the index of the largest element along an axis: the first of equals";
  }
}
