package org.modelc.passes;

import java.util.List;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.type.TensorType;

/**
 * What a backend can do, as far as passes ask.
 *
 * @param name the backend's name
 * @param claims which composites it has a template for; they are not expanded
 * @param unsafeMath whether rewrites may change a float result in more than the sign of a zero
 */
public record Target(String name, Claims claims, boolean unsafeMath) {
  /** A backend without templates for composites. */
  public static final Target PLAIN = new Target("plain", Claims.NONE, false);

  /** Chooses the composites that a backend computes whole. */
  @FunctionalInterface
  public interface Claims {
    /** Claims nothing. */
    Claims NONE = (op, attributes, operands) -> false;

    boolean takes(CompositeOp<?> op, Record attributes, List<TensorType> operands);
  }

  /** Whether a node stays as it is until the backend writes it. */
  public boolean claims(Node node) {
    return node.op() instanceof CompositeOp<?> op
        && claims.takes(
            op, node.attributes(), node.operands().stream().map(Value::tensor).toList());
  }
}
