package org.modelc.codegen.llvm.gemm;

import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.Operand;

/**
 * Arithmetic on counts and positions, none of them negative. Constants are computed at once, so
 * that what depends on known shapes alone can be decided while code is written.
 */
public record Arithmetic(FunctionWriter out) {
  /** The value of a constant. */
  public static long value(Operand constant) {
    return Long.parseLong(constant.text());
  }

  private static boolean known(Operand one, Operand other) {
    return one.isConstant() && other.isConstant();
  }

  public Operand add(Operand one, Operand other) {
    return known(one, other) ? Operand.i64(value(one) + value(other)) : out.add(one, other);
  }

  public Operand subtract(Operand one, Operand other) {
    if (other.is(0)) {
      return one;
    }
    return known(one, other) ? Operand.i64(value(one) - value(other)) : out.subtract(one, other);
  }

  public Operand times(Operand one, Operand other) {
    if (one.is(0) || other.is(0)) {
      return Operand.i64(0);
    }
    return known(one, other) ? Operand.i64(value(one) * value(other)) : out.multiply(one, other);
  }

  public Operand times(Operand one, long factor) {
    return times(one, Operand.i64(factor));
  }

  public Operand divide(Operand one, Operand other) {
    if (other.is(1)) {
      return one;
    }
    return known(one, other)
        ? Operand.i64(value(one) / value(other))
        : out.binary("udiv", one, other);
  }

  public Operand remainder(Operand one, Operand other) {
    if (other.is(1)) {
      return Operand.i64(0);
    }
    return known(one, other)
        ? Operand.i64(value(one) % value(other))
        : out.binary("urem", one, other);
  }

  /** The quotient, rounded up. */
  public Operand ceiling(Operand one, long divisor) {
    return divide(add(one, Operand.i64(divisor - 1)), Operand.i64(divisor));
  }

  public Operand minimum(Operand one, Operand other) {
    return known(one, other)
        ? Operand.i64(Math.min(value(one), value(other)))
        : out.minimum(one, other);
  }

  public Operand maximum(Operand one, Operand other) {
    return known(one, other)
        ? Operand.i64(Math.max(value(one), value(other)))
        : out.intrinsic("llvm.smax", "i64", one, other);
  }

  /** The first item of a part, where items are dealt out evenly: {@code items × part / parts}. */
  public Operand bound(Operand items, Operand part, Operand parts) {
    return divide(times(items, part), parts);
  }

  public Operand isBelow(Operand one, Operand other) {
    if (known(one, other)) {
      return value(one) < value(other) ? Operand.TRUE : Operand.FALSE;
    }
    return out.compare("icmp slt", one, other);
  }

  /** Whether both conditions hold. */
  public Operand both(Operand one, Operand other) {
    if (one.equals(Operand.TRUE) || other.equals(Operand.FALSE)) {
      return other;
    }
    boolean known = other.equals(Operand.TRUE) || one.equals(Operand.FALSE);
    return known ? one : out.binary("and", one, other);
  }

  /** Whether a condition fails. */
  public Operand not(Operand condition) {
    if (condition.isConstant()) {
      return condition.equals(Operand.TRUE) ? Operand.FALSE : Operand.TRUE;
    }
    return out.binary("xor", condition, Operand.TRUE);
  }

  /** An address so many bytes on. */
  public Operand on(Operand address, Operand bytes) {
    return bytes.is(0) ? address : out.address("i8", address, bytes);
  }

  public Operand select(Operand condition, Operand then, Operand otherwise) {
    if (condition.equals(Operand.TRUE) || then.equals(otherwise)) {
      return then;
    }
    return condition.equals(Operand.FALSE) ? otherwise : out.select(condition, then, otherwise);
  }

  /** Writes code for a condition, unless it is known to fail. */
  public void when(Operand condition, Runnable then) {
    when(condition, then, null);
  }

  public void when(Operand condition, Runnable then, Runnable otherwise) {
    if (condition.equals(Operand.TRUE)) {
      then.run();
    } else if (!condition.equals(Operand.FALSE)) {
      out.when(condition, then, otherwise);
    } else if (otherwise != null) {
      otherwise.run();
    }
  }
}
