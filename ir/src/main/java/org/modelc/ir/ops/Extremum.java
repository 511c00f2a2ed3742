package org.modelc.ir.ops;

import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.ReductionOp;
import org.modelc.ir.op.VjpCall;

/** What the gradients of {@link Max} and {@link Min} share. */
final class Extremum {
  private Extremum() {}

  /** The cotangent in equal parts at the elements that equal the result. */
  static Value share(VjpCall<ReductionOp.Axes> call) {
    GraphBuilder builder = call.builder();
    Value x = call.operand(0);
    List<Integer> axes = call.attributes().axes();
    Value found = Equal.of(builder, x, Unreduce.of(builder, call.result(), x, axes));
    Value mask = Cast.of(builder, found, x.tensor().dtype());
    Value count = Sum.of(builder, mask, axes, call.attributes().keep());
    Value part = Divide.of(builder, call.cotangent(), count);
    return Multiply.of(builder, mask, Unreduce.of(builder, part, x, axes));
  }
}
