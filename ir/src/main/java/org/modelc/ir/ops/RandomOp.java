package org.modelc.ir.ops;

import java.util.List;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.kernel.Stmt;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.EvalCall;
import org.modelc.ir.op.Lowering;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * A tensor of random numbers. They depend on the seed, the site (the place in the model that draws,
 * by its binding path), the step, and the element's number alone: so not on the order of a graph,
 * fusion or threads, and a resumed training draws what it would have drawn.
 */
abstract class RandomOp<A extends Record> extends PrimitiveOp<A> {
  private static final double UNIT = 0x1p-24;

  protected RandomOp(String name, Class<A> attributesType) {
    super(name, attributesType, "seed", "step");
  }

  protected abstract List<Dim> shape(A attributes);

  protected abstract DType dtype(A attributes);

  protected abstract String site(A attributes);

  /** An element from two random words. */
  protected abstract double draw(A attributes, int first, int second);

  /** An element from two random words, of the compute type. */
  protected abstract Expr draw(A attributes, Expr first, Expr second);

  /** The upper 24 bits of a word as a number from 0 to below 1: exact in f32. */
  protected static double unit(int word) {
    return (word >>> 8) * UNIT;
  }

  /** The upper 24 bits of a word as a number from 0 to below 1. */
  protected static Expr unit(DType dtype, Expr word) {
    return upperBits(dtype, word).times(Expr.constant(dtype, UNIT));
  }

  /** The upper 24 bits of a word, as a floating number. */
  protected static Expr upperBits(DType dtype, Expr word) {
    Expr bits = Expr.apply(ScalarOp.SHIFT_RIGHT_UNSIGNED, word, Expr.integer(8));
    return Expr.cast(dtype, bits);
  }

  @Override
  public final boolean isRandom() {
    return true;
  }

  @Override
  public final boolean isDifferentiable() {
    return false;
  }

  @Override
  public final List<ValueType> infer(Call<A> call) {
    Operands.checkCount(this, call.operands());
    for (int i = 0; i < 2; i++) {
      if (!call.tensor(i).equals(TensorType.scalar(DType.I64))) {
        throw new OpException(
            name() + "'s " + operandNames().get(i) + " is an i64[], got " + call.tensor(i));
      }
    }
    return List.of(TensorType.of(dtype(call.attributes()), shape(call.attributes())));
  }

  @Override
  public final List<Array> eval(EvalCall<A> call) {
    Array result = Array.zeros(dtype(call.attributes()), call.shape());
    long seed = (long) call.operand(0).data()[0];
    long step = (long) call.operand(1).data()[0];
    int[] key = Threefry.key(seed, site(call.attributes()), step);
    for (int i = 0; i < result.size(); i++) {
      int[] words = Threefry.words(key, new int[] {i, 0});
      result.data()[i] = draw(call.attributes(), words[0], words[1]);
    }
    return List.of(result);
  }

  /**
   * Two kernels: the key once, as statements, so that fusion does not repeat its 40 rounds for each
   * element; then a nest of 20 rounds for each element.
   */
  @Override
  public final void lower(Lowering<A> lowering) {
    Buffer key = lowering.temporary(DType.I32, List.of(Dim.constant(2)));
    Expr seed = new Expr.Load(lowering.operand(0), List.of());
    Expr step = new Expr.Load(lowering.operand(1), List.of());
    List<Expr> words = ThreefryExpr.key(seed, site(lowering.attributes()), step);
    lowering.statements(stores(key, words));
    List<Axis> axes = lowering.axes(lowering.result().shape());
    List<Expr> counter = List.of(number(axes), Expr.integer(0));
    List<Expr> drawn = ThreefryExpr.words(List.of(word(key, 0), word(key, 1)), counter);
    Expr value = draw(lowering.attributes(), drawn.get(0), drawn.get(1));
    Expr stored = ElementwiseOp.stored(lowering.result().dtype(), value);
    lowering.elementwise(axes, lowering.result(), Lowering.index(axes), stored);
  }

  /** The words share nearly all their rounds: both are bound before either is stored. */
  private static Stmt stores(Buffer key, List<Expr> words) {
    Expr.Var first = new Expr.Var("first_word", DType.I32);
    Expr.Var second = new Expr.Var("second_word", DType.I32);
    Stmt stores = Stmt.seq(store(key, 0, first), store(key, 1, second));
    Stmt bound = new Stmt.Let(second.name(), words.get(1), stores);
    return new Stmt.Let(first.name(), words.get(0), bound);
  }

  private static Stmt store(Buffer key, int place, Expr word) {
    return new Stmt.Store(key, List.of(Expr.integer(place)), word);
  }

  private static Expr word(Buffer key, int place) {
    return new Expr.Load(key, List.of(Expr.integer(place)));
  }

  /** The row-major number of an element. */
  private static Expr number(List<Axis> axes) {
    Expr number = Expr.integer(0);
    for (int i = 0; i < axes.size(); i++) {
      Expr outer = i == 0 ? null : number.times(Expr.size(axes.get(i).extent()));
      number = i == 0 ? axes.get(i).variable() : outer.plus(axes.get(i).variable());
    }
    return number;
  }
}
