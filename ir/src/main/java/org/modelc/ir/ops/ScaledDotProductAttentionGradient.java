package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.Sample;
import org.modelc.ir.type.ValueType;

/**
 * The gradients of {@link ScaledDotProductAttention} at q, k and v, given the cotangent of its
 * result. The shares of the keys are computed again, so that nothing of size T × S need be kept.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class ScaledDotProductAttentionGradient
    extends CompositeOp<ScaledDotProductAttention.Attributes> {
  private static final ScaledDotProductAttentionGradient OP =
      new ScaledDotProductAttentionGradient();
  private static final ScaledDotProductAttention FORWARD = new ScaledDotProductAttention();

  public ScaledDotProductAttentionGradient() {
    super(
        "scaled_dot_product_attention_gradient",
        ScaledDotProductAttention.Attributes.class,
        "q",
        "k",
        "v",
        "cotangent",
        "mask*");
  }

  /** The gradients at q, k and v, and null for the mask if there is one. */
  static List<Value> of(
      GraphBuilder builder,
      ScaledDotProductAttention.Attributes attributes,
      List<Value> operands,
      Value cotangent) {
    List<Value> all = new ArrayList<>(operands);
    all.add(3, cotangent);
    List<Value> gradients = new ArrayList<>(builder.add(OP, attributes, all));
    while (gradients.size() < operands.size()) {
      gradients.add(null);
    }
    return gradients;
  }

  @Override
  public List<ValueType> infer(Call<ScaledDotProductAttention.Attributes> call) {
    Operands.checkCount(this, call.operands());
    List<ValueType> forward = withoutCotangent(call.operands());
    ValueType result = FORWARD.infer(new Call<>(call.attributes(), forward, List.of())).get(0);
    if (!result.equals(call.tensor(3))) {
      throw new OpException(name() + " needs a cotangent " + result + ", got " + call.tensor(3));
    }
    return List.of(call.tensor(0), call.tensor(1), call.tensor(2));
  }

  private static <T> List<T> withoutCotangent(List<T> operands) {
    List<T> forward = new ArrayList<>(operands);
    forward.remove(3);
    return forward;
  }

  @Override
  public List<Value> expand(
      GraphBuilder builder, ScaledDotProductAttention.Attributes attributes, List<Value> operands) {
    return new AttentionExpansion(builder, attributes, withoutCotangent(operands))
        .gradients(operands.get(3));
  }

  @Override
  public List<Sample<ScaledDotProductAttention.Attributes>> samples() {
    return AttentionGradientSamples.all();
  }

  @Override
  public String doc() {
    return "the gradients of `scaled_dot_product_attention` at q, k and v";
  }
}
