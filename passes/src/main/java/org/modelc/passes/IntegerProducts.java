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
import org.modelc.ir.ops.Add;
import org.modelc.ir.ops.Cast;
import org.modelc.ir.ops.Concat;
import org.modelc.ir.ops.Convolution;
import org.modelc.ir.ops.Dequantize;
import org.modelc.ir.ops.Matmul;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.ops.Reshape;
import org.modelc.ir.ops.Slice;
import org.modelc.ir.ops.Sum;
import org.modelc.ir.type.TensorType;
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
 * <p>An input of two such values, the high digits of integers and the low ones, has the digits of a
 * row beside each other as rows of one product, so the weight is read once.
 *
 * <p>No sum can overflow: {@code |q − z| ≤ 255} and {@code |w| ≤ 128}, so sums of up to {@value
 * #MOST_TERMS} terms stay below 2³¹ in size. (The difference of the two sums wraps to the right
 * value, though one of them may not fit.) A longer sum is cut into parts that fit, which are
 * dequantised and added up; one that cannot be, since a single channel of its window is longer,
 * stays a product of floats.
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
    long part = steps(node, operands.get(1).tensor().shape());
    boolean integers = input != null && input.isPerRow(rowAxes(node)) && part > 0;
    boolean stored = weight.integers().tensor().dtype() == DType.I8;
    List<Quantized> digits = digits(node, operands.get(0), builder);
    if (!digits.isEmpty() && stored && part == weightSteps(node, operands.get(1).tensor())) {
      return List.of(ofDigits(digits, weight, axis, builder));
    }
    if (!integers || !stored || input.integers().tensor().dtype() != DType.I8) {
      return widened(node, operands, weight, axis, builder);
    }
    return List.of(inParts(node, input, weight, axis, part, builder));
  }

  /** The integers that a value is the sum of, if it is one of two; else none. */
  private static List<Quantized> digits(Node node, Value x, GraphBuilder builder) {
    Node sum = builder.producer(x);
    if (!(node.op() instanceof Matmul) || sum == null || !(sum.op() instanceof Add)) {
      return List.of();
    }
    List<Quantized> digits = new ArrayList<>();
    for (Value operand : sum.operands()) {
      Quantized digit = Quantized.of(builder, operand);
      boolean fits = digit != null && digit.zero() == 0 && digit.isPerRow(rowAxes(node));
      if (!fits || digit.integers().tensor().dtype() != DType.I8) {
        return List.of();
      }
      digits.add(digit);
    }
    return digits;
  }

  /** A product with a matrix, whose rows are the digits of each row in turn. */
  private static Value ofDigits(
      List<Quantized> digits, Quantized weight, int axis, GraphBuilder builder) {
    List<Value> rows = new ArrayList<>();
    for (Quantized digit : digits) {
      List<Dim> shape = new ArrayList<>(digit.integers().tensor().shape());
      shape.add(axis, Dim.ONE);
      rows.add(Reshape.of(builder, digit.integers(), shape));
    }
    Value sums = Matmul.of(builder, Concat.of(builder, rows, axis), weight.integers());
    List<Dim> shape = new ArrayList<>(sums.tensor().shape());
    shape.remove(axis);
    Value total = null;
    for (int place = 0; place < digits.size(); place++) {
      Value one = Slice.ofAxis(builder, sums, axis, Dim.constant(place), Dim.constant(place + 1L));
      Value scale = along(builder, weight.scale(), axis, shape.size());
      Value product =
          Dequantize.of(
              builder,
              Reshape.of(builder, one, shape),
              Multiply.of(builder, digits.get(place).scale(), scale),
              Quantized.zero(builder));
      total = total == null ? product : Add.of(builder, total, product);
    }
    return total;
  }

  private static long weightSteps(Node node, TensorType weight) {
    Dim steps = weight.dim(weightCut(node));
    return steps.isStatic() ? steps.value() : -1;
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

  /**
   * Whether sums with a weight of known shape can be of integers, if need be in parts: of a matrix
   * always, of a kernel if the sum of one channel's window fits.
   */
  public static boolean canBeCut(TensorType weight) {
    return weight.shape().stream().skip(2).mapToLong(Dim::value).reduce(1, Math::multiplyExact)
        <= MOST_TERMS;
  }

  /** Steps along the axis that is cut whose sums fit; 0 if there are none, or it is not known. */
  private static long steps(Node node, List<Dim> weight) {
    int cut = weightCut(node);
    long others = 1;
    for (int axis = 0; axis < weight.size(); axis++) {
      if (!weight.get(axis).isStatic()) {
        return 0;
      }
      boolean summed = node.op() instanceof Matmul ? axis == cut : axis > 0;
      others *= summed && axis != cut ? weight.get(axis).value() : 1;
    }
    boolean whole = others * weight.get(cut).value() <= MOST_TERMS;
    boolean mixes = !(node.attributes() instanceof Convolution.Attributes c) || c.groups() == 1;
    return whole ? weight.get(cut).value() : mixes ? MOST_TERMS / others : 0;
  }

  /** The axis of the weight along which long sums are cut: a matrix's rows, a kernel's channels. */
  private static int weightCut(Node node) {
    return node.op() instanceof Matmul ? node.operand(1).tensor().rank() - 2 : 1;
  }

  private static Value inParts(
      Node node, Quantized input, Quantized weight, int axis, long steps, GraphBuilder builder) {
    int weightCut = weightCut(node);
    int inputCut = node.op() instanceof Matmul ? input.integers().tensor().rank() - 1 : 1;
    long all = weight.integers().tensor().dim(weightCut).value();
    Value sum = null;
    for (long first = 0; first < all; first += steps) {
      long end = Math.min(all, first + steps);
      Quantized some = input.part(builder, inputCut, first, end);
      Quantized rows = weight.part(builder, weightCut, first, end);
      Value part = product(node, some, rows, axis, builder);
      sum = sum == null ? part : Add.of(builder, sum, part);
    }
    return sum;
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
