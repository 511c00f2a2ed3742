package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.kernel.Stmt;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.EvalCall;
import org.modelc.ir.op.Lowering;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** The gradient of {@link PlacedMaxPool}: each window's cotangent at the place that it told. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class PlacedMaxPoolGradient extends PrimitiveOp<PlacedMaxPool.Attributes> {
  private static final PlacedMaxPoolGradient OP = new PlacedMaxPoolGradient();

  public PlacedMaxPoolGradient() {
    super("placed_max_pool_gradient", PlacedMaxPool.Attributes.class, "places", "cotangent");
  }

  /**
   * The gradient at what was pooled.
   *
   * @param pool the attributes of the max pool
   */
  public static Value of(GraphBuilder builder, Value places, Value cotangent, Record pool) {
    PlacedMaxPool.Attributes attributes =
        new PlacedMaxPool.Attributes(((PoolOp.Attributes) pool).window());
    return builder.add(OP, attributes, List.of(places, cotangent)).get(0);
  }

  @Override
  public boolean isDifferentiable() {
    return false;
  }

  @Override
  public List<ValueType> infer(Call<PlacedMaxPool.Attributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType places = call.tensor(0);
    TensorType cotangent = call.tensor(1);
    Domain.FLOATING.check(name(), cotangent.dtype());
    if (places.dtype() != DType.I8 || !places.shape().equals(cotangent.shape())) {
      throw new OpException(
          name() + " needs places of i8 for each element of its cotangent, got " + call.operands());
    }
    PoolWindows windows = call.attributes().over(name(), cotangent.rank());
    List<Dim> shape = new ArrayList<>(cotangent.shape());
    for (int i = 0; i < windows.window().size(); i++) {
      shape.set(i + 2, shape.get(i + 2).times(windows.window().get(i)));
    }
    return List.of(cotangent.withShape(shape));
  }

  @Override
  public List<Array> eval(EvalCall<PlacedMaxPool.Attributes> call) {
    Array cotangent = call.operand(1);
    PoolWindows windows = call.attributes().over(name(), cotangent.rank());
    int[] shape = cotangent.shape().clone();
    for (int i = 0; i < windows.window().size(); i++) {
      shape[i + 2] *= windows.window().get(i);
    }
    Array result = Array.zeros(cotangent.dtype(), shape);
    for (int i = 0; i < cotangent.size(); i++) {
      List<int[]> elements = windows.places(Array.index(cotangent.shape(), i), shape);
      int place = (int) call.operand(0).data()[i];
      if (place >= 0 && place < elements.size()) {
        result.set(cotangent.data()[i], elements.get(place));
      }
    }
    return List.of(result);
  }

  /**
   * Without branches, since no processor foresees which element it is: in f32 each element keeps
   * all bits of the cotangent or none.
   */
  @Override
  public void lower(Lowering<PlacedMaxPool.Attributes> lowering) {
    List<Axis> axes = lowering.axes(lowering.operand(0).shape());
    PoolWindows windows = lowering.attributes().over(name(), lowering.operand(0).rank());
    Expr found = Expr.cast(DType.I32, load(lowering, 0, axes));
    Expr value = load(lowering, 1, axes);
    Expr cotangent = Expr.cast(ElementwiseOp.computeType(value.dtype()), value);
    boolean asBits = cotangent.dtype() == DType.F32;
    Expr kept = asBits ? Expr.bitcast(DType.I32, cotangent) : cotangent;
    Expr.Var place = new Expr.Var("place_" + axes.get(2).name(), DType.I32);
    Expr.Var own = new Expr.Var("own_" + axes.get(2).name(), kept.dtype());
    List<Stmt> stores = new ArrayList<>();
    for (int i = 0; i < windows.size(); i++) {
      Expr isHere = Expr.apply(ScalarOp.EQUAL, place, Expr.integer(i));
      Expr mask = Expr.select(isHere, Expr.integer(-1), Expr.integer(0));
      Expr element =
          asBits
              ? Expr.bitcast(DType.F32, Expr.apply(ScalarOp.AND, own, mask))
              : Expr.select(isHere, own, Expr.constant(own.dtype(), 0));
      stores.add(
          new Stmt.Store(
              lowering.result(),
              PlacedMaxPool.element(axes, windows, i),
              ElementwiseOp.stored(lowering.result().dtype(), element)));
    }
    Stmt body = new Stmt.Let(own.name(), kept, new Stmt.Seq(stores));
    lowering.statements(StatementLoops.over(axes, new Stmt.Let(place.name(), found, body)));
  }

  private static Expr load(
      Lowering<PlacedMaxPool.Attributes> lowering, int operand, List<Axis> axes) {
    return new Expr.Load(lowering.operand(operand), Lowering.index(axes));
  }

  @Override
  public List<Sample<PlacedMaxPool.Attributes>> samples() {
    return List.of(
        Sample.of(
            "squares",
            new PlacedMaxPool.Attributes(List.of(2)),
            List.of(
                new Array(DType.I8, new int[] {1, 1, 2, 2}, new double[] {0, 1, 2, 3}),
                Array.f32(new int[] {1, 1, 2, 2}, 3, 7, -2, 5)),
            List.of(
                Array.f32(new int[] {1, 1, 4, 4}, 3, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, -2, 0, 0, 5)),
            "by hand"),
        Sample.of(
            "volume",
            new PlacedMaxPool.Attributes(List.of(2, 1, 2)),
            List.of(
                new Array(DType.I8, new int[] {1, 2, 1, 2, 1}, new double[] {3, 0, 2, 1}),
                Array.f32(new int[] {1, 2, 1, 2, 1}, 1, 2, 3, 4))));
  }

  @Override
  public String doc() {
    return "the gradient of placed_max_pool: each window's cotangent at its place";
  }
}
