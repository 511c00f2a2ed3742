package org.modelc.ir.op;

import java.util.List;
import org.modelc.ir.interpreter.Array;

/** An op with a definition ({@link #eval}) and, independent of it, a lowering to kernels. */
public abstract non-sealed class PrimitiveOp<A extends Record> extends OpDef<A> {
  protected PrimitiveOp(String name, Class<A> attributesType, String... operandNames) {
    super(name, attributesType, operandNames);
  }

  /**
   * The op's meaning in plain Java over doubles. Shapes are static and fit; written without regard
   * to speed, and never by way of {@link #lower}.
   */
  public abstract List<Array> eval(EvalCall<A> call);

  /** Emits the kernels that compute the results. */
  public abstract void lower(Lowering<A> lowering);
}
