package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.DimArithmetic;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.EvalCall;
import org.modelc.ir.op.Lowering;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.SampleValues;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * A {@link MaxPool} of windows side by side that also tells which element of each window, counted
 * in row-major order, is the largest: the first of equals, of which zeros of both signs are two,
 * and the first NaN. Its gradient needs no more than that, so that what was pooled need not be
 * kept.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class PlacedMaxPool extends PrimitiveOp<PlacedMaxPool.Attributes> {
  private static final PlacedMaxPool OP = new PlacedMaxPool();

  /** More elements than this, and finding the place of each is no longer a few instructions. */
  private static final int LARGEST_WINDOW = 16;

  /** The windows. */
  public record Attributes(
      @Attribute(doc = "sizes of the window, which is also moved by them") List<Integer> window) {
    public Attributes {
      window = List.copyOf(window);
    }

    PoolWindows over(String opName, int rank) {
      PoolOp.Attributes pool = new PoolOp.Attributes(window, List.of(), List.of(0), List.of(0));
      return PoolOp.windows(opName, pool, rank);
    }
  }

  public PlacedMaxPool() {
    super("placed_max_pool", Attributes.class, "x");
  }

  /**
   * The largest element of each window, and its place.
   *
   * @param pool the attributes of a max pool that {@link #fits}
   */
  public static List<Value> of(GraphBuilder builder, Value x, Record pool) {
    return builder.add(OP, new Attributes(((PoolOp.Attributes) pool).window()), List.of(x));
  }

  /**
   * Whether the windows of a max pool lie side by side, leave nothing over, and are small.
   *
   * @param attributes those of the max pool
   */
  public static boolean fits(TensorType x, Record attributes) {
    PoolOp.Attributes pool = (PoolOp.Attributes) attributes;
    PoolWindows windows = PoolOp.windows("max_pool", pool, x.rank());
    return !windows.isPadded()
        && windows.window().equals(windows.strides())
        && windows.size() <= LARGEST_WINDOW
        && tiles(windows, x, PoolOp.pooledType("max_pool", pool, x));
  }

  private static boolean tiles(PoolWindows windows, TensorType x, TensorType pooled) {
    boolean tiles = true;
    for (int i = 0; i < windows.window().size(); i++) {
      Dim covered = pooled.dim(i + 2).times(windows.window().get(i));
      tiles &= covered.equals(x.dim(i + 2));
    }
    return tiles;
  }

  @Override
  public boolean isDifferentiable() {
    return false;
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType x = call.tensor(0);
    Domain.FLOATING.check(name(), x.dtype());
    PoolWindows windows = call.attributes().over(name(), x.rank());
    List<Dim> shape = new ArrayList<>(x.shape().subList(0, 2));
    shape.addAll(windows.counts(name(), x.shape().subList(2, x.rank())));
    TensorType pooled = x.withShape(shape);
    if (windows.size() > LARGEST_WINDOW || !tiles(windows, x, pooled)) {
      throw new OpException(
          name() + " needs windows of at most 16 elements that leave nothing over, got " + x);
    }
    return List.of(pooled, TensorType.of(DType.I8, shape));
  }

  @Override
  public List<Array> eval(EvalCall<Attributes> call) {
    Array x = call.operand(0);
    PoolWindows windows = call.attributes().over(name(), x.rank());
    int[] shape = x.shape().clone();
    for (int i = 0; i < windows.window().size(); i++) {
      shape[i + 2] /= windows.window().get(i);
    }
    Array pooled = Array.zeros(x.dtype(), shape);
    Array places = Array.zeros(DType.I8, shape);
    for (int i = 0; i < pooled.size(); i++) {
      List<int[]> elements = windows.places(Array.index(shape, i), x.shape());
      double largest = x.at(elements.get(0));
      for (int place = 1; place < elements.size(); place++) {
        double element = x.at(elements.get(place));
        if (!Double.isNaN(largest) && !(element <= largest)) {
          largest = element;
          places.data()[i] = place;
        }
      }
      pooled.data()[i] = largest;
    }
    return List.of(pooled, places);
  }

  @Override
  public void lower(Lowering<Attributes> lowering) {
    List<Axis> axes = lowering.axes(lowering.result().shape());
    PoolWindows windows = lowering.attributes().over(name(), lowering.operand(0).rank());
    Expr largest = null;
    Expr found = Expr.integer(0);
    for (int place = 0; place < windows.size(); place++) {
      Expr.Load load = new Expr.Load(lowering.operand(0), element(axes, windows, place));
      Expr element = Expr.cast(ElementwiseOp.computeType(load.dtype()), load);
      if (largest == null) {
        largest = element;
      } else {
        Expr notAbove = Expr.apply(ScalarOp.LESS_EQUAL, element, largest);
        Expr isNumber = Expr.apply(ScalarOp.EQUAL, largest, largest);
        Expr larger = Expr.apply(ScalarOp.AND, Expr.apply(ScalarOp.NOT, notAbove), isNumber);
        found = Expr.select(larger, Expr.integer(place), found);
        largest = Expr.select(larger, element, largest);
      }
    }
    lowering.nest(
        axes,
        List.of(),
        List.of(),
        List.of(store(lowering, 0, axes, largest), store(lowering, 1, axes, found)));
  }

  private static LoopNest.Store store(
      Lowering<Attributes> lowering, int result, List<Axis> axes, Expr value) {
    var buffer = lowering.results().get(result);
    return new LoopNest.Store(
        buffer, Lowering.index(axes), ElementwiseOp.stored(buffer.dtype(), value));
  }

  /** The index of a window's element. */
  static List<Expr> element(List<Axis> axes, PoolWindows windows, int place) {
    int[] sizes = windows.window().stream().mapToInt(Integer::intValue).toArray();
    int[] at = Array.index(sizes, place);
    List<Expr> index = new ArrayList<>(Lowering.index(axes));
    for (int i = 0; i < at.length; i++) {
      Expr start = DimArithmetic.scale(index.get(i + 2), sizes[i]);
      index.set(i + 2, DimArithmetic.shift(start, Dim.constant(at[i])));
    }
    return index;
  }

  @Override
  public List<Sample<Attributes>> samples() {
    double nan = Double.NaN;
    return List.of(
        Sample.of(
                "first of equals, first NaN",
                new Attributes(List.of(2)),
                List.of(Array.f32(new int[] {1, 1, 2, 6}, 1, 5, 2, 2, 1, nan, 5, 4, 2, 2, nan, 3)),
                List.of(
                    Array.f32(new int[] {1, 1, 1, 3}, 5, 2, nan),
                    new Array(DType.I8, new int[] {1, 1, 1, 3}, new double[] {1, 0, 1})),
                "by hand")
            .kink(),
        Sample.of(
            "volume",
            new Attributes(List.of(2, 1, 2)),
            List.of(SampleValues.spread(2, 1, 2, 2, 3, 4))));
  }

  @Override
  public String doc() {
    return "max_pool of windows side by side, and the place of each window's first largest element";
  }
}
