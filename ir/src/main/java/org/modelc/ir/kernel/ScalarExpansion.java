package org.modelc.ir.kernel;

import java.util.ArrayList;
import java.util.List;
import org.modelc.runtime.spec.DType;

/**
 * Replaces transcendental functions of f32 by arithmetic: fma, bits, shifts and selects, each of
 * which IEEE 754 fixes to the bit. So every backend computes the same bits, on every machine,
 * whatever its mathematical library or just-in-time compiler.
 *
 * <p>Errors, against {@code StrictMath} in f64: exp, log and erf up to 1 ulp; log1p, expm1, tanh,
 * sin, cos and sigmoid up to 2; gelu up to 2 for x ≥ −½, below up to 2⁻²⁴. {@code
 * testkit/fixtures/scalar_expansion.py} fits the polynomials. Power and all functions of f64 stay
 * as they are for backends with {@code StrictMath}; {@link #expandAll} replaces them too, up to 2
 * ulp.
 */
public final class ScalarExpansion {
  private ScalarExpansion() {}

  /** The nest with its functions of f32 replaced. */
  public static LoopNest expand(LoopNest nest) {
    ExprWalk.Rewriter rewriter = new ExprWalk.Rewriter(ScalarExpansion::expand);
    List<LoopNest.Reduction> reductions = new ArrayList<>();
    for (LoopNest.Reduction reduction : nest.reductions()) {
      Expr initial = rewriter.rewrite(reduction.initial());
      Expr body = rewriter.rewrite(reduction.body());
      reductions.add(new LoopNest.Reduction(reduction.combiner(), initial, body));
    }
    List<LoopNest.Store> stores = new ArrayList<>();
    for (LoopNest.Store store : nest.stores()) {
      List<Expr> index = store.index().stream().map(rewriter::rewrite).toList();
      stores.add(new LoopNest.Store(store.buffer(), index, rewriter.rewrite(store.value())));
    }
    return new LoopNest(
        nest.name(), nest.parallel(), nest.reduce(), reductions, stores, nest.origin());
  }

  /** The expression's replacement, or itself; its operands are left as they are. */
  public static Expr expand(Expr expr) {
    if (!(expr instanceof Expr.Apply apply)) {
      return expr;
    }
    if (apply.op() == ScalarOp.GELU && apply.dtype() == DType.F64) {
      return GeluExpansion.wide(apply.operands().get(0), x -> Expr.apply(ScalarOp.ERF, x));
    }
    return apply.dtype() == DType.F32 ? expand(apply) : expr;
  }

  /** As {@link #expand(Expr)}, for backends without any library of functions. */
  public static Expr expandAll(Expr expr) {
    if (!(expr instanceof Expr.Apply apply) || apply.dtype() == DType.BOOL) {
      return expr;
    }
    if (apply.op() == ScalarOp.POWER) {
      Expr base = apply.operands().get(0);
      Expr exponent = apply.operands().get(1);
      return apply.dtype() == DType.F64
          ? PowerExpansion.power(base, exponent)
          : PowerExpansion.single(base, exponent);
    }
    return apply.dtype() == DType.F64 ? expand(apply) : expand(expr);
  }

  /**
   * The exponential of an f32 from -87 to 88 or NaN, with the bits of {@link ScalarOp#EXP}; of
   * others anything. It takes two thirds of the instructions.
   */
  public static Expr moderateExponential(Expr x) {
    return ExponentialExpansion.moderateExp(x);
  }

  private static Expr expand(Expr.Apply apply) {
    boolean wide = apply.dtype() == DType.F64;
    Expr x = apply.operands().get(0);
    return switch (apply.op()) {
      case EXP -> wide ? DoubleExpansion.exp(x) : ExponentialExpansion.exp(x);
      case EXPM1 -> wide ? DoubleExpansion.expm1(x) : ExponentialExpansion.expm1(x);
      case SIGMOID -> wide ? DoubleExpansion.sigmoid(x) : ExponentialExpansion.sigmoid(x);
      case TANH -> wide ? DoubleExpansion.tanh(x) : ExponentialExpansion.tanh(x);
      case LOG -> wide ? DoubleExpansion.log(x) : LogarithmExpansion.log(x);
      case LOG1P -> wide ? DoubleExpansion.log1p(x) : LogarithmExpansion.log1p(x);
      case ERF -> wide ? DoubleErrorFunction.erf(x) : ErrorFunctionExpansion.erf(x);
      case GELU -> wide ? GeluExpansion.wide(x, DoubleErrorFunction::erf) : GeluExpansion.single(x);
      case SIN -> wide ? DoubleExpansion.sin(x) : TrigonometricExpansion.sin(x);
      case COS -> wide ? DoubleExpansion.cos(x) : TrigonometricExpansion.cos(x);
      case ADD,
          SUBTRACT,
          MULTIPLY,
          DIVIDE,
          REMAINDER,
          MINIMUM,
          MAXIMUM,
          POWER,
          FMA,
          NEGATE,
          ABSOLUTE,
          SQUARE_ROOT,
          FLOOR,
          CEILING,
          ROUND,
          IS_FINITE,
          EQUAL,
          NOT_EQUAL,
          LESS,
          LESS_EQUAL,
          GREATER,
          GREATER_EQUAL,
          AND,
          OR,
          XOR,
          NOT,
          SHIFT_LEFT,
          SHIFT_RIGHT,
          SHIFT_RIGHT_UNSIGNED,
          BITCAST ->
          apply;
    };
  }
}
