package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Broadcasting;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * softmax(q kᵀ · scale) v for each head (Vaswani et al. 2017). Heads lie side by side in the last
 * axis, as a dense layer makes them and the next one reads them, so that no operand need be
 * transposed: {@code q: [..., T, heads·d]}, {@code k: [..., S, heads·d]}, {@code v: [..., S,
 * heads·e]}, result {@code [..., T, heads·e]}. A query that may see no key gives zeros.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class ScaledDotProductAttention
    extends CompositeOp<ScaledDotProductAttention.Attributes> {
  private static final ScaledDotProductAttention OP = new ScaledDotProductAttention();

  /** How many heads there are and what they see. */
  public record Attributes(
      @Attribute(value = "1", doc = "how many heads lie side by side in the last axis") int heads,
      @Attribute(
              value = "false",
              doc = "a query sees the keys up to its own place; the last query sees all keys")
          boolean causal,
      @Attribute(value = "0", doc = "factor of the products; 0: 1/√d of a head's size d")
          double scale) {}

  public ScaledDotProductAttention() {
    super("scaled_dot_product_attention", Attributes.class, "q", "k", "v", "mask*");
  }

  /** Attention by several heads, scaled by 1/√d, without a mask. */
  public static Value of(
      GraphBuilder builder, Value q, Value k, Value v, int heads, boolean causal) {
    return builder.add(OP, new Attributes(heads, causal, 0), List.of(q, k, v)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType q = call.tensor(0);
    TensorType k = call.tensor(1);
    TensorType v = call.tensor(2);
    Domain.FLOATING.check(name(), q.dtype());
    List<Dim> batch = batch(q, "q");
    boolean batchesMatch = batch.equals(batch(k, "k")) && batch.equals(batch(v, "v"));
    boolean keysMatch = q.dim(-1).equals(k.dim(-1)) && k.dim(-2).equals(v.dim(-2));
    if (!batchesMatch || !keysMatch || q.dtype() != k.dtype() || q.dtype() != v.dtype()) {
      throw new OpException(
          name() + " does not fit q " + q + ", k " + k + ", v " + v,
          "they are [..., T, heads*d], [..., S, heads*d] and [..., S, heads*e], of one type");
    }
    headSize(q, call.attributes(), "q and k");
    headSize(v, call.attributes(), "v");
    checkMask(call);
    List<Dim> shape = new ArrayList<>(q.shape());
    shape.set(shape.size() - 1, v.dim(-1));
    return List.of(q.withShape(shape));
  }

  private void checkMask(Call<Attributes> call) {
    if (call.operands().size() > 4) {
      throw new OpException(
          name() + " takes one mask, got " + (call.operands().size() - 3), "join masks with `and`");
    }
    if (call.operands().size() < 4) {
      return;
    }
    List<Dim> seen = new ArrayList<>(batch(call.tensor(0), "q"));
    seen.add(call.tensor(0).dim(-2));
    seen.add(call.tensor(1).dim(-2));
    TensorType mask = call.tensor(3);
    if (mask.dtype() != DType.BOOL
        || !Broadcasting.commonShape(name(), List.of(seen, mask.shape())).equals(seen)) {
      throw new OpException(
          name() + "'s mask is a bool[..., T, S], here of shape " + seen + ", got " + mask,
          "true where a query may see a key; axes of size 1 broadcast");
    }
  }

  private List<Dim> batch(TensorType type, String operand) {
    if (type.rank() < 2) {
      throw new OpException(
          name() + " needs at least 2 axes, got " + operand + " " + type,
          "they are positions and features");
    }
    return type.shape().subList(0, type.rank() - 2);
  }

  private Dim headSize(TensorType type, Attributes attributes, String operand) {
    int heads = attributes.heads();
    Dim size = heads < 1 ? null : type.dim(-1).dividedExactly(Dim.constant(heads));
    if (size == null) {
      throw new OpException(
          name()
              + " cannot divide the "
              + type.dim(-1)
              + " features of "
              + operand
              + " among "
              + heads
              + " heads",
          "the last axis is a multiple of heads");
    }
    return size;
  }

  @Override
  public List<Value> expand(GraphBuilder builder, Attributes attributes, List<Value> operands) {
    return List.of(new AttentionExpansion(builder, attributes, operands).result());
  }

  /** By an op of its own, so that a backend that keeps no shares need not keep them here either. */
  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    return ScaledDotProductAttentionGradient.of(
        call.builder(), call.attributes(), call.operands(), call.cotangent());
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return AttentionSamples.all();
  }

  @Override
  public String doc() {
    return "softmax(q kᵀ/√d) v for each head; heads lie side by side in the last axis";
  }
}
