package org.modelc.passes.compress;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.ReductionOp;
import org.modelc.ir.ops.AvgPool;
import org.modelc.ir.ops.Broadcast;
import org.modelc.ir.ops.Concat;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.ops.Convolution;
import org.modelc.ir.ops.Elu;
import org.modelc.ir.ops.ExpandDims;
import org.modelc.ir.ops.Flatten;
import org.modelc.ir.ops.Gather;
import org.modelc.ir.ops.Gelu;
import org.modelc.ir.ops.LeakyRelu;
import org.modelc.ir.ops.LogSigmoid;
import org.modelc.ir.ops.LogSoftmax;
import org.modelc.ir.ops.Matmul;
import org.modelc.ir.ops.Max;
import org.modelc.ir.ops.MaxPool;
import org.modelc.ir.ops.Mean;
import org.modelc.ir.ops.Min;
import org.modelc.ir.ops.Reshape;
import org.modelc.ir.ops.ScaledDotProductAttention;
import org.modelc.ir.ops.Silu;
import org.modelc.ir.ops.Softmax;
import org.modelc.ir.ops.Softplus;
import org.modelc.ir.ops.Squeeze;
import org.modelc.ir.ops.StopGradient;
import org.modelc.ir.ops.Sum;
import org.modelc.ir.ops.SumPool;
import org.modelc.ir.ops.Transpose;
import org.modelc.ir.ops.Variance;
import org.modelc.runtime.spec.Dim;

/**
 * Which axes of an op's operands and results stand or fall together. An axis of an op without a
 * rule is fixed, so a forgotten rule prunes less, never wrongly.
 */
final class AxisTies {
  /** Ties the axes of one node. */
  private interface Rule {
    void tie(Node node, AxisFactors axes);
  }

  /** Ops of one element each that are made of others. */
  private static final Set<Class<?>> POINTWISE =
      Set.of(
          Elu.class,
          Gelu.class,
          LeakyRelu.class,
          LogSigmoid.class,
          Silu.class,
          Softplus.class,
          StopGradient.class);

  private static final Map<Class<?>, Rule> RULES = new HashMap<>();

  static {
    for (Class<?> reshaping :
        List.of(Reshape.class, Flatten.class, ExpandDims.class, Squeeze.class)) {
      RULES.put(reshaping, AxisTies::reshaping);
    }
    // A mean of fewer channels is a mean still; a product of fewer is something else.
    for (Class<?> reduction : List.of(Sum.class, Max.class, Min.class, Mean.class)) {
      RULES.put(reduction, AxisTies::reduction);
    }
    for (Class<?> pool : List.of(MaxPool.class, SumPool.class, AvgPool.class)) {
      RULES.put(pool, AxisTies::pool);
    }
    RULES.put(Variance.class, AxisTies::variance);
    RULES.put(Softmax.class, AxisTies::softmax);
    RULES.put(LogSoftmax.class, AxisTies::softmax);
    RULES.put(Transpose.class, AxisTies::transpose);
    RULES.put(Broadcast.class, AxisTies::broadcast);
    RULES.put(Constant.class, AxisTies::constant);
    RULES.put(Concat.class, AxisTies::concat);
    RULES.put(Gather.class, AxisTies::gather);
    RULES.put(Matmul.class, AxisTies::matmul);
    RULES.put(Convolution.class, AxisTies::convolution);
    RULES.put(ScaledDotProductAttention.class, AxisTies::attention);
  }

  private AxisTies() {}

  static void tie(Node node, AxisFactors axes) {
    Rule rule = RULES.get(node.op().getClass());
    if (!node.regions().isEmpty()) {
      fixed(node, axes);
    } else if (rule != null) {
      rule.tie(node, axes);
    } else if (isPointwise(node.op())) {
      pointwise(node, axes);
    } else if (!node.op().isRandom()) {
      // What is drawn has the axes of whatever it is combined with.
      fixed(node, axes);
    }
  }

  /** Whether an element of the result depends on the elements at its own place alone. */
  static boolean isPointwise(OpDef<?> op) {
    return op instanceof ElementwiseOp<?> || POINTWISE.contains(op.getClass());
  }

  private static String mixing(Node node) {
    return "`" + node.op().name() + "` mixes it with other axes";
  }

  private static void fixed(Node node, AxisFactors axes) {
    node.operands().forEach(operand -> axes.fix(operand, mixing(node)));
    node.results().forEach(result -> axes.fix(result, mixing(node)));
  }

  private static void fix(Node node, Value value, int axis, AxisFactors axes) {
    axes.axis(value, axis).forEach(factor -> factor.fix(mixing(node)));
  }

  private static void tie(
      Node node, Value left, int leftAxis, Value right, int rightAxis, AxisFactors axes) {
    axes.tie(left, leftAxis, right, rightAxis, mixing(node));
  }

  private static void pointwise(Node node, AxisFactors axes) {
    for (Value operand : node.operands()) {
      for (int axis = 0; axis < operand.tensor().rank() && !axes.isUniform(operand); axis++) {
        tie(node, operand, axis, node.result(), axis, axes);
      }
    }
  }

  private static void reshaping(Node node, AxisFactors axes) {
    List<DimFactor> from = axes.of(node.operand(0)).stream().flatMap(List::stream).toList();
    List<DimFactor> to = axes.of(node.result()).stream().flatMap(List::stream).toList();
    DimFactor.unify(from, to, mixing(node));
  }

  private static void reduction(Node node, AxisFactors axes) {
    ReductionOp.Axes attributes = (ReductionOp.Axes) node.attributes();
    kept(node, attributes.axes(), attributes.keep(), axes);
  }

  private static void variance(Node node, AxisFactors axes) {
    Variance.Attributes attributes = (Variance.Attributes) node.attributes();
    kept(node, attributes.axes(), attributes.keep(), axes);
  }

  /** The axes that a reduction keeps; those it joins may lose indices by another's leave. */
  private static void kept(Node node, List<Integer> joined, boolean keep, AxisFactors axes) {
    Value x = node.operand(0);
    int rank = x.tensor().rank();
    Set<Integer> gone = new HashSet<>();
    joined.forEach(axis -> gone.add(Operands.axis(node.op().name(), axis, rank)));
    int to = 0;
    for (int axis = 0; axis < rank; axis++) {
      if (!gone.contains(axis)) {
        tie(node, x, axis, node.result(), to, axes);
        to++;
      } else if (keep) {
        to++;
      }
    }
  }

  private static void softmax(Node node, AxisFactors axes) {
    pointwise(node, axes);
    int axis = ((Softmax.Attributes) node.attributes()).axis();
    int rank = node.result().tensor().rank();
    fix(node, node.result(), Operands.axis(node.op().name(), axis, rank), axes);
  }

  private static void transpose(Node node, AxisFactors axes) {
    List<Integer> permutation = ((Transpose.Attributes) node.attributes()).permutation();
    int rank = node.result().tensor().rank();
    for (int axis = 0; axis < rank; axis++) {
      int from = permutation.isEmpty() ? rank - 1 - axis : permutation.get(axis);
      tie(node, node.operand(0), from, node.result(), axis, axes);
    }
  }

  private static void broadcast(Node node, AxisFactors axes) {
    Value x = node.operand(0);
    if (x.tensor().rank() == 0 || axes.isUniform(x)) {
      axes.setUniform(node.result());
    }
    int added = node.result().tensor().rank() - x.tensor().rank();
    for (int axis = 0; axis < x.tensor().rank(); axis++) {
      if (!x.tensor().dim(axis).is(1)) {
        tie(node, x, axis, node.result(), added + axis, axes);
      }
    }
  }

  /** One number everywhere fills any shape; a table does not. */
  private static void constant(Node node, AxisFactors axes) {
    if (((Constant.Attributes) node.attributes()).data().elements().length != 1) {
      axes.fix(node.result(), "a constant table has it");
    } else {
      axes.setUniform(node.result());
    }
  }

  private static void concat(Node node, AxisFactors axes) {
    int rank = node.result().tensor().rank();
    int at = Operands.axis("concat", ((Concat.Attributes) node.attributes()).axis(), rank);
    fix(node, node.result(), at, axes);
    for (Value operand : node.operands()) {
      fix(node, operand, at, axes);
      for (int axis = 0; axis < rank; axis++) {
        if (axis != at) {
          tie(node, operand, axis, node.result(), axis, axes);
        }
      }
    }
  }

  /** Rows of a table keep their elements; which rows there are is for the indices. */
  private static void gather(Node node, AxisFactors axes) {
    Value table = node.operand(0);
    int rank = table.tensor().rank();
    int at = Operands.axis("gather", ((Gather.Attributes) node.attributes()).axis(), rank);
    axes.fix(node.operand(1), mixing(node));
    fix(node, table, at, axes);
    int added = node.operand(1).tensor().rank() - 1;
    for (int axis = 0; axis < rank; axis++) {
      if (axis != at) {
        tie(node, table, axis, node.result(), axis < at ? axis : axis + added, axes);
      }
    }
  }

  private static void matmul(Node node, AxisFactors axes) {
    Value left = node.operand(0);
    Value right = node.operand(1);
    int leftRank = left.tensor().rank();
    int rightRank = right.tensor().rank();
    int rank = node.result().tensor().rank();
    if (leftRank < 2 || rightRank < 2) {
      fixed(node, axes);
      return;
    }
    tie(node, left, leftRank - 1, right, rightRank - 2, axes);
    tie(node, left, leftRank - 2, node.result(), rank - 2, axes);
    tie(node, right, rightRank - 1, node.result(), rank - 1, axes);
    for (Value operand : node.operands()) {
      int missing = rank - operand.tensor().rank();
      for (int axis = 0; axis < operand.tensor().rank() - 2; axis++) {
        if (!operand.tensor().dim(axis).is(1)) {
          tie(node, operand, axis, node.result(), missing + axis, axes);
        }
      }
    }
  }

  private static void convolution(Node node, AxisFactors axes) {
    Value x = node.operand(0);
    Value kernel = node.operand(1);
    spatial(node, axes);
    for (int axis = 2; axis < kernel.tensor().rank(); axis++) {
      fix(node, kernel, axis, axes);
    }
    tie(node, x, 0, node.result(), 0, axes);
    tie(node, kernel, 0, node.result(), 1, axes);
    if (((Convolution.Attributes) node.attributes()).groups() == 1) {
      tie(node, x, 1, kernel, 1, axes);
    } else {
      fix(node, x, 1, axes);
      fix(node, kernel, 0, axes);
      fix(node, kernel, 1, axes);
    }
  }

  private static void pool(Node node, AxisFactors axes) {
    spatial(node, axes);
    tie(node, node.operand(0), 0, node.result(), 0, axes);
    tie(node, node.operand(0), 1, node.result(), 1, axes);
  }

  private static void spatial(Node node, AxisFactors axes) {
    for (int axis = 2; axis < node.result().tensor().rank(); axis++) {
      fix(node, node.operand(0), axis, axes);
      fix(node, node.result(), axis, axes);
    }
  }

  /** Whole heads may go; the elements of one depend on each other. */
  private static void attention(Node node, AxisFactors axes) {
    int heads = ((ScaledDotProductAttention.Attributes) node.attributes()).heads();
    int last = node.result().tensor().rank() - 1;
    List<DimFactor> head = heads == 1 ? List.of() : List.of(new DimFactor(Dim.constant(heads)));
    for (Value value : List.of(node.operand(0), node.operand(1), node.operand(2), node.result())) {
      Dim each = value.tensor().dim(last).dividedExactly(Dim.constant(heads));
      DimFactor inner = new DimFactor(each);
      inner.fix("it is the size of an attention head");
      List<DimFactor> product = new java.util.ArrayList<>(head);
      product.add(inner);
      DimFactor.unify(axes.of(value).get(last), product, mixing(node));
      for (int axis = 0; axis < last; axis++) {
        fix(node, value, axis, axes);
      }
    }
    node.operands().stream().skip(3).forEach(mask -> axes.fix(mask, mixing(node)));
  }
}
