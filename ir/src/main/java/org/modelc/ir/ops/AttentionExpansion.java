package org.modelc.ir.ops;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Attention by other ops: two contractions with a softmax between them, heads an axis of their own.
 *
 * @param operands q, k, v and perhaps a mask
 */
record AttentionExpansion(
    GraphBuilder builder, ScaledDotProductAttention.Attributes attributes, List<Value> operands) {
  /** Stands for −∞, whose difference with itself would be NaN where a query sees no key. */
  private static final double HIDDEN = -1e30;

  Value result() {
    Value joined = einsum("ts", "se", "te", shares(scores()), operands.get(2));
    return Reshape.of(builder, joined, resultShape());
  }

  /** The gradients at q, k and v, given the result's cotangent. */
  List<Value> gradients(Value cotangent) {
    Value shares = shares(scores());
    Value ofShares = einsum("te", "se", "ts", cotangent, operands.get(2));
    Value weighted = Multiply.of(builder, shares, ofShares);
    Value mean = Broadcast.of(builder, Sum.of(builder, weighted, List.of(-1), true), shape(shares));
    Value ofScores = scaled(Multiply.of(builder, shares, Subtract.of(builder, ofShares, mean)));
    return List.of(
        likeOperand(0, einsum("ts", "sd", "td", ofScores, operands.get(1))),
        likeOperand(1, einsum("ts", "td", "sd", ofScores, operands.get(0))),
        likeOperand(2, einsum("ts", "te", "se", shares, cotangent)));
  }

  private Value likeOperand(int operand, Value gradient) {
    return Reshape.of(builder, gradient, shape(operands.get(operand)));
  }

  private static List<Dim> shape(Value value) {
    return value.tensor().shape();
  }

  private Value scores() {
    return scaled(einsum("td", "sd", "ts", operands.get(0), operands.get(1)));
  }

  private List<Dim> resultShape() {
    List<Dim> shape = new ArrayList<>(operands.get(0).tensor().shape());
    shape.set(shape.size() - 1, operands.get(2).tensor().dim(-1));
    return shape;
  }

  /**
   * A contraction for each head; tensors come as [..., T, heads, d], scores as [..., heads, T, S].
   */
  private Value einsum(String left, String right, String result, Value first, Value second) {
    int batch = operands.get(0).tensor().rank() - 2;
    String equation =
        labels(batch, left) + "," + labels(batch, right) + "->" + labels(batch, result);
    return Einsum.of(builder, equation, split(left, first), split(right, second));
  }

  private static String labels(int batch, String own) {
    StringBuilder labels = new StringBuilder();
    for (int axis = 0; axis < batch; axis++) {
      labels.append((char) ('A' + axis));
    }
    return labels + (isScores(own) ? "h" + own : own.charAt(0) + "h" + own.charAt(1));
  }

  private static boolean isScores(String labels) {
    return labels.equals("ts");
  }

  private Value split(String labels, Value operand) {
    if (isScores(labels)) {
      return operand;
    }
    Dim heads = Dim.constant(attributes.heads());
    List<Dim> shape = new ArrayList<>(operand.tensor().shape());
    Dim features = shape.remove(shape.size() - 1);
    shape.add(heads);
    shape.add(features.dividedExactly(heads));
    return Reshape.of(builder, operand, shape);
  }

  private Value scaled(Value scores) {
    if (attributes.scale() != 0) {
      return Multiply.of(builder, scores, Constant.like(builder, scores, attributes.scale()));
    }
    TensorType q = operands.get(0).tensor();
    Dim size = q.dim(-1).dividedExactly(Dim.constant(attributes.heads()));
    Value factor =
        size.isStatic()
            ? Constant.like(builder, scores, 1 / Math.sqrt((double) size.value()))
            : Rsqrt.of(builder, DimValue.of(builder, size, q.dtype()));
    return Multiply.of(builder, scores, factor);
  }

  /** How much of each key a query takes: softmax over the keys that it may see. */
  private Value shares(Value scores) {
    Value visible = visible(scores);
    if (visible == null) {
      return Softmax.of(builder, scores, -1);
    }
    Value hidden = Constant.like(builder, scores, HIDDEN);
    Value shares = Softmax.of(builder, Select.of(builder, visible, scores, hidden), -1);
    return seesAlways()
        ? shares
        : Select.of(builder, visible, shares, Constant.like(builder, shares, 0));
  }

  /** Whether each query sees a key for sure. */
  private boolean seesAlways() {
    Dim earlier = keys().minus(queries());
    return operands.size() < 4 && earlier.isStatic() && earlier.value() >= 0;
  }

  private Dim queries() {
    return operands.get(0).tensor().dim(-2);
  }

  private Dim keys() {
    return operands.get(1).tensor().dim(-2);
  }

  /** Which keys each query may see, of the scores' shape; null for all. */
  private Value visible(Value scores) {
    List<Dim> shape = scores.tensor().shape();
    Value causal = attributes.causal() ? Broadcast.of(builder, upToOwnPlace(), shape) : null;
    if (operands.size() < 4) {
      return causal;
    }
    Value mask = Broadcast.of(builder, forHeads(operands.get(3)), shape);
    return causal == null ? mask : LogicalAnd.of(builder, mask, causal);
  }

  /** Key j is visible to query i if j ≤ i + (S − T): the last query sees the last key. */
  private Value upToOwnPlace() {
    List<Dim> shape = List.of(queries(), keys());
    Value key = Iota.of(builder, DType.I32, shape, 1);
    Value query = Iota.of(builder, DType.I32, shape, 0);
    Value earlier = DimValue.of(builder, keys().minus(queries()), DType.I32);
    return LessEqual.of(builder, key, Add.of(builder, query, earlier));
  }

  /** A mask [..., T, S] with an axis for the heads, all of which see the same. */
  private Value forHeads(Value mask) {
    List<Dim> shape = new ArrayList<>(mask.tensor().shape());
    if (shape.size() > 2) {
      shape.add(shape.size() - 2, Dim.ONE);
    }
    return Reshape.of(builder, mask, shape);
  }
}
