package org.modelc.ir.kernel;

import java.util.Arrays;
import java.util.List;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * A scalar expression inside a kernel. Expressions are shared, not copied: the same object used
 * twice is computed once, so printers bind shared nodes to locals.
 */
public sealed interface Expr {
  /** The type of the value. */
  DType dtype();

  /** A literal; integers are exact up to 2⁵³, {@code i64} beyond that by {@link IntConst}. */
  record Const(DType dtype, double value) implements Expr {}

  /** An integer literal ({@code i32} or {@code i64}). */
  record IntConst(DType dtype, long value) implements Expr {}

  /** A dim's value at run time, {@code i32}. */
  record Size(Dim dim) implements Expr {
    @Override
    public DType dtype() {
      return DType.I32;
    }
  }

  /** A loop axis or a let-bound name. */
  record Var(String name, DType dtype) implements Expr {}

  /** An element of a buffer, widened to its compute type (f16, bf16 → f32). */
  record Load(Buffer buffer, List<Expr> index) implements Expr {
    public Load {
      index = List.copyOf(index);
    }

    @Override
    public DType dtype() {
      return buffer.dtype().loaded();
    }
  }

  /** A scalar function of operands. */
  record Apply(ScalarOp op, DType dtype, List<Expr> operands) implements Expr {
    public Apply {
      operands = List.copyOf(operands);
      if (operands.size() != op.arity()) {
        throw new IllegalArgumentException(op + " takes " + op.arity() + " operands");
      }
    }
  }

  /**
   * Conversion: to floating rounds to nearest even; floating to integer truncates and saturates,
   * NaN gives 0; to bool is {@code != 0}.
   */
  record Cast(DType dtype, Expr operand) implements Expr {}

  /** {@code condition ? then : otherwise}; only the chosen branch is evaluated (guards loads). */
  record Select(Expr condition, Expr then, Expr otherwise) implements Expr {
    @Override
    public DType dtype() {
      return then.dtype();
    }
  }

  /** The finished value of a loop nest's reduction; only in the nest's stores. */
  record Reduced(int reduction, DType dtype) implements Expr {}

  /** What a visitor does with each kind. */
  interface Visitor<R> {
    R constant(Const expr);

    R integer(IntConst expr);

    R size(Size expr);

    R variable(Var expr);

    R load(Load expr);

    R apply(Apply expr);

    R cast(Cast expr);

    R select(Select expr);

    R reduced(Reduced expr);
  }

  /** Calls the visitor's method for this kind. */
  default <R> R accept(Visitor<R> visitor) {
    if (this instanceof Const e) {
      return visitor.constant(e);
    } else if (this instanceof IntConst e) {
      return visitor.integer(e);
    } else if (this instanceof Size e) {
      return visitor.size(e);
    } else if (this instanceof Var e) {
      return visitor.variable(e);
    } else if (this instanceof Load e) {
      return visitor.load(e);
    } else if (this instanceof Apply e) {
      return visitor.apply(e);
    } else if (this instanceof Cast e) {
      return visitor.cast(e);
    } else if (this instanceof Select e) {
      return visitor.select(e);
    } else {
      return visitor.reduced((Reduced) this);
    }
  }

  /** The direct subexpressions. */
  default List<Expr> children() {
    if (this instanceof Load e) {
      return e.index();
    } else if (this instanceof Apply e) {
      return e.operands();
    } else if (this instanceof Cast e) {
      return List.of(e.operand());
    } else if (this instanceof Select e) {
      return List.of(e.condition(), e.then(), e.otherwise());
    }
    return List.of();
  }

  /** Whether it has no value but those of 16 bits: loads, what is rounded, and 0 around them. */
  default boolean isStored(DType stored) {
    if (this instanceof Load load) {
      return load.buffer().dtype() == stored;
    } else if (this instanceof Select select) {
      return select.then().isStored(stored) && select.otherwise().isStored(stored);
    } else if (this instanceof Cast cast && cast.dtype() == stored.loaded()) {
      return cast.operand().dtype() == stored;
    }
    return this instanceof Const constant && constant.value() == 0;
  }

  static Expr integer(long value) {
    return new IntConst(DType.I32, value);
  }

  /** A literal of any type. */
  static Expr constant(DType dtype, double value) {
    return dtype == DType.I32 || dtype == DType.I64
        ? new IntConst(dtype, (long) value)
        : new Const(dtype, value);
  }

  /** A dim as an index expression: a literal if static. */
  static Expr size(Dim dim) {
    return dim.isStatic() ? integer(dim.value()) : new Size(dim);
  }

  /** An application in the operands' type; comparisons give bool. */
  static Expr apply(ScalarOp op, Expr... operands) {
    boolean logical = op.isComparison() || op == ScalarOp.IS_FINITE;
    DType dtype = logical ? DType.BOOL : operands[0].dtype();
    return new Apply(op, dtype, Arrays.asList(operands));
  }

  static Expr select(Expr condition, Expr then, Expr otherwise) {
    return new Select(condition, then, otherwise);
  }

  static Expr cast(DType dtype, Expr operand) {
    return operand.dtype() == dtype ? operand : new Cast(dtype, operand);
  }

  static Expr bitcast(DType dtype, Expr operand) {
    return new Apply(ScalarOp.BITCAST, dtype, List.of(operand));
  }

  default Expr plus(Expr other) {
    return apply(ScalarOp.ADD, this, other);
  }

  default Expr minus(Expr other) {
    return apply(ScalarOp.SUBTRACT, this, other);
  }

  default Expr times(Expr other) {
    return apply(ScalarOp.MULTIPLY, this, other);
  }

  default Expr dividedBy(Expr other) {
    return apply(ScalarOp.DIVIDE, this, other);
  }
}
