package org.modelc.passes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.Contraction;
import org.modelc.ir.ops.Cast;
import org.modelc.ir.ops.Convolution;
import org.modelc.ir.ops.Dequantize;
import org.modelc.ir.ops.Matmul;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.ops.Reshape;
import org.modelc.ir.ops.Sum;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Products of dequantised integers become products of the integers, added up in i32 and dequantised
 * once: {@code dequantize(q, s, z) ∘ dequantize(w, t, 0)} is {@code dequantize(q ∘ w, s × t, z ×
 * Σw)}, exactly but for the rounding of the last step. Jacob et al., 2018, section 2.2.
 *
 * <p>The input's scale may differ from example to example or row to row, the weight's from channel
 * to channel, where neither differs along what is summed; the weight's zero point is 0. Where only
 * the weight is dequantised, its integers are widened in the product and scaled once after it; in
 * groups, once for each group.
 *
 * <p>No sum can overflow: {@code |q − z| ≤ 255} and {@code |w| ≤ 128}, so sums of up to {@value
 * #MOST_TERMS} terms stay below 2³¹ in size. (The difference of the two sums wraps to the right
 * value, though one of them may not fit.) A longer product stays one of floats.
 */
public final class IntegerProducts implements GraphPass {
  /** The most terms whose sum fits: {@code 2³¹ / (255 × 128)}. */
  public static final long MOST_TERMS = 65_793;

  @Override
  public String name() {
    return "integer-products";
  }

  @Override
  public Set<Stage> requires() {
    return Set.of(Stage.COMPOSITES_EXPANDED);
  }

  @Override
  public Graph run(Graph graph, Target target) {
    boolean any = graph.nodes().stream().anyMatch(node -> node.op() instanceof Dequantize);
    return any ? GraphRewriter.rewrite(graph, IntegerProducts::rewritten) : graph;
  }

  private static List<Value> rewritten(Node node, List<Value> operands, GraphBuilder builder) {
    if (!(node.op() instanceof Contraction<?>) || operands.size() != 2) {
      return null;
    }
    List<Value> groups = GroupedWeight.product(node, operands, builder);
    if (groups != null) {
      return groups;
    }
    int axis = channelAxis(node);
    Quantized weight = Quantized.of(builder, operands.get(1));
    if (axis < 0 || weight == null || !weight.isPerChannel(weightAxis(node, axis))) {
      return null;
    }
    Quantized input = Quantized.of(builder, operands.get(0));
    boolean integers = input != null && input.isPerRow(rowAxes(node)) && fits(node, operands);
    boolean stored = weight.integers().tensor().dtype() == DType.I8;
    if (!integers || !stored || input.integers().tensor().dtype() != DType.I8) {
      return widened(node, operands, weight, axis, builder);
    }
    return List.of(product(node, input, weight, axis, builder));
  }

  /** The axis of the result that runs over the weight's channels; -1 if there is none. */
  private static int channelAxis(Node node) {
    int rank = node.result().tensor().rank();
    return IntStream.range(0, rank)
        .filter(axis -> weightAxis(node, axis) >= 0)
        .findFirst()
        .orElse(-1);
  }

  @SuppressWarnings("unchecked")
  private static int weightAxis(Node node, int resultAxis) {
    List<ValueType> types = node.operands().stream().map(Value::type).toList();
    return ((Contraction<Record>) node.op()).weightAxis(node.attributes(), types, resultAxis);
  }

  /** How many leading axes of the input the sum does not run over. */
  private static int rowAxes(Node node) {
    return node.op() instanceof Matmul ? node.operand(0).tensor().rank() - 1 : 1;
  }

  private static boolean fits(Node node, List<Value> operands) {
    Dim size = operands.get(1).tensor().size();
    Dim channels = operands.get(1).tensor().dim(weightAxis(node, channelAxis(node)));
    return size.isStatic() && size.value() <= MOST_TERMS * Math.max(1, channels.value());
  }

  private static Value product(
      Node node, Quantized input, Quantized weight, int axis, GraphBuilder builder) {
    Value sums = sums(node, input, weight, builder);
    int rank = sums.tensor().rank();
    Value scale = Multiply.of(builder, input.scale(), along(builder, weight.scale(), axis, rank));
    if (input.zero() == 0) {
      return Dequantize.of(builder, sums, scale, Quantized.zero(builder));
    }
    Value wide = Cast.of(builder, weight.integers(), DType.I32);
    Value total = Sum.of(builder, wide, allBut(weight, weightAxis(node, axis)), false);
    Value zero = Multiply.of(builder, total, Quantized.whole(builder, input.zero()));
    return Dequantize.of(builder, sums, scale, along(builder, zero, axis, rank));
  }

  private static Value sums(Node node, Quantized input, Quantized weight, GraphBuilder builder) {
    return node.attributes() instanceof Convolution.Attributes windows
        ? Convolution.of(builder, input.integers(), weight.integers(), windows, input.zero())
        : builder.copy(node, List.of(input.integers(), weight.integers())).get(0);
  }

  /** Only the weight is of integers: {@code x ∘ (w × t)} is {@code (x ∘ w) × t}. */
  private static List<Value> widened(
      Node node, List<Value> operands, Quantized weight, int axis, GraphBuilder builder) {
    Value x = operands.get(0);
    Value wide = Cast.of(builder, weight.integers(), x.tensor().dtype());
    Value product = builder.copy(node, List.of(x, wide)).get(0);
    Value scale = along(builder, weight.scale(), axis, product.tensor().rank());
    return List.of(Multiply.of(builder, product, scale));
  }

  private static List<Integer> allBut(Quantized weight, int axis) {
    int rank = weight.integers().tensor().rank();
    return IntStream.range(0, rank).filter(each -> each != axis).boxed().toList();
  }

  /** One number a channel as a tensor that broadcasts along the result's channel axis. */
  private static Value along(GraphBuilder builder, Value vector, int axis, int rank) {
    Dim size = vector.tensor().size();
    if (size.is(1)) {
      return Reshape.of(builder, vector, List.of());
    }
    List<Dim> shape = new ArrayList<>(List.of(size));
    shape.addAll(Collections.nCopies(rank - 1 - axis, Dim.ONE));
    return Reshape.of(builder, vector, shape);
  }
}
