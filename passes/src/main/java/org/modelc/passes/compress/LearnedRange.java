package org.modelc.passes.compress;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.ops.Add;
import org.modelc.ir.ops.Clamp;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.ops.Divide;
import org.modelc.ir.ops.Exp;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.ops.Round;
import org.modelc.ir.ops.StraightThrough;
import org.modelc.ir.ops.Subtract;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * The range of what a weight is multiplied with, as two numbers that learn: the logarithm of its
 * scale, {@code <parameter>.input.log_scale}, and its zero point as a share of 128, {@code
 * <parameter>.input.zero_point}. Rounding passes gradients straight through; what lies beyond an
 * end moves that end (Bhalgat et al., LSQ+, 2020).
 */
public final class LearnedRange {
  private static final double LOW = -128;
  private static final double HIGH = 127;

  private LearnedRange() {}

  private static String scaleOf(String parameter) {
    return parameter + ".input.log_scale";
  }

  private static String zeroOf(String parameter) {
    return parameter + ".input.zero_point";
  }

  /** What to begin with. */
  public static Map<String, Array> first(String parameter, AffineRange range) {
    Map<String, Array> first = new LinkedHashMap<>();
    first.put(scaleOf(parameter), scalar((float) Math.log(range.scale())));
    first.put(zeroOf(parameter), scalar(range.zeroPoint() / -LOW));
    return first;
  }

  private static Array scalar(double value) {
    return new Array(DType.F32, new int[0], new double[] {value});
  }

  /** The range that was learned. */
  public static AffineRange of(String parameter, Map<String, Array> trained) {
    float scale = (float) Math.exp(trained.get(scaleOf(parameter)).data()[0]);
    double zero = Math.rint((float) (trained.get(zeroOf(parameter)).data()[0] * -LOW));
    return new AffineRange(scale, (int) Math.max(LOW, Math.min(HIGH, zero)));
  }

  /** The parameters of a program that a range learns by. */
  record Parameters(Value logarithm, Value zeroPoint) {}

  /** Adds them to a program. */
  static Parameters parameters(GraphBuilder builder, String parameter, DType dtype) {
    TensorType one = TensorType.of(dtype, List.of());
    return new Parameters(
        builder.input(scaleOf(parameter), Role.PARAMETER, one),
        builder.input(zeroOf(parameter), Role.PARAMETER, one));
  }

  /** A value as its integers tell it. */
  static Value rounded(GraphBuilder builder, Parameters range, Value x) {
    Value scale = Exp.of(builder, range.logarithm);
    Value share = range.zeroPoint;
    Value exact = Multiply.of(builder, share, Constant.like(builder, share, -LOW));
    Value zero = Clamp.of(builder, whole(builder, exact), LOW, HIGH);
    Value steps = whole(builder, Divide.of(builder, x, scale));
    Value held = Clamp.of(builder, Add.of(builder, steps, zero), LOW, HIGH);
    return Multiply.of(builder, Subtract.of(builder, held, zero), scale);
  }

  private static Value whole(GraphBuilder builder, Value value) {
    return StraightThrough.of(builder, Round.of(builder, value), value);
  }
}
