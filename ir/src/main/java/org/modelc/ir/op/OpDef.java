package org.modelc.ir.op;

import java.util.List;
import org.modelc.ir.graph.Value;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.ProgramAbi;

/**
 * An operator, defined in one file: a {@link PrimitiveOp} or a {@link CompositeOp}. Register it
 * with {@code @AutoService(OpDef.class)}. Instances hold no state.
 *
 * @param <A> the attribute record: its components are the op's arguments in the language, and drive
 *     printing and parsing. Component types: int, long, double, boolean, String, enum, DType, Dim,
 *     and lists of Integer, Dim or String, {@link Literal}.
 */
public abstract sealed class OpDef<A extends Record> permits PrimitiveOp, CompositeOp {
  private final String name;
  private final Class<A> attributesType;
  private final List<String> operandNames;

  /**
   * @param name the name in the language and in printed IR
   * @param operandNames names of the tensor operands in order; a last one that ends in {@code *}
   *     stands for any number
   */
  protected OpDef(String name, Class<A> attributesType, String... operandNames) {
    this.name = name;
    this.attributesType = attributesType;
    this.operandNames = List.of(operandNames);
  }

  public final String name() {
    return name;
  }

  public final Class<A> attributesType() {
    return attributesType;
  }

  public final List<String> operandNames() {
    return operandNames;
  }

  /** Whether operands broadcast to one shape: the front end inserts {@code broadcast} nodes. */
  public boolean broadcasts() {
    return false;
  }

  /** Whether the op draws random values: such nodes are never merged. */
  public boolean isRandom() {
    return false;
  }

  /** Whether a gradient flows through the op; if false, its results are constants to autodiff. */
  public boolean isDifferentiable() {
    return true;
  }

  /**
   * The results' types.
   *
   * @throws OpException if operands or attributes do not fit
   */
  public abstract List<ValueType> infer(Call<A> call);

  /** What must hold of dynamic dims at each call for the operands to fit; checked at entry. */
  public List<ProgramAbi.Bound> bounds(Call<A> call) {
    return List.of();
  }

  /**
   * The vector-Jacobian product: a cotangent for each operand, null where none flows.
   *
   * @return null if the op has no rule of its own and is to be expanded first
   */
  public List<Value> vjp(VjpCall<A> call) {
    return null;
  }

  /** Examples with outputs from a named outside source, and inputs for derived tests. */
  public abstract List<Sample<A>> samples();

  /** The line in the language reference. */
  public abstract String doc();

  /** Instances hold no state, so all of a class are equal. */
  @Override
  public final boolean equals(Object other) {
    return other != null && getClass() == other.getClass();
  }

  @Override
  public final int hashCode() {
    return name.hashCode();
  }

  @Override
  public final String toString() {
    return name;
  }
}
