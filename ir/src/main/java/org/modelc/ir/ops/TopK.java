package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.kernel.Stmt;
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
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Bound;

/**
 * The largest elements along an axis in falling order, and their indices. Of equal ones the first
 * comes first; NaN counts as the largest, as in {@code torch.topk}.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class TopK extends PrimitiveOp<TopK.Attributes> {
  private static final TopK OP = new TopK();

  /** How many, and where. */
  public record Attributes(
      @Attribute(doc = "how many") int k,
      @Attribute(value = "-1", doc = "the axis searched") int axis) {}

  public TopK() {
    super("top_k", Attributes.class, "x");
  }

  /** The largest elements and their indices, i32. */
  public static List<Value> of(GraphBuilder builder, Value x, int k, int axis) {
    return builder.add(OP, new Attributes(k, axis), List.of(x));
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType type = call.tensor(0);
    Domain.NUMERIC.check(name(), type.dtype());
    int axis = Operands.axis(name(), call.attributes().axis(), type.rank());
    int k = call.attributes().k();
    Dim dim = type.dim(axis);
    if (k < 1 || (dim.isStatic() && k > dim.value())) {
      throw new OpException(
          "top_k cannot take " + k + " elements of axis " + axis + " of " + type,
          "k is from 1 to " + dim);
    }
    List<Dim> shape = DimArithmetic.with(type.shape(), axis, Dim.constant(k));
    return List.of(type.withShape(shape), TensorType.of(DType.I32, shape));
  }

  @Override
  public List<Bound> bounds(Call<Attributes> call) {
    TensorType type = call.tensor(0);
    Dim dim = type.dim(Operands.axis(name(), call.attributes().axis(), type.rank()));
    return dim.isStatic()
        ? List.of()
        : List.of(new Bound(dim, call.attributes().k(), Integer.MAX_VALUE));
  }

  @Override
  public List<Array> eval(EvalCall<Attributes> call) {
    Array x = call.operand(0);
    int axis = Operands.axis(name(), call.attributes().axis(), x.rank());
    Array values = Array.zeros(x.dtype(), call.shape());
    Array indices = Array.zeros(DType.I32, call.shape());
    for (int i = 0; i < values.size(); i++) {
      int[] place = Array.index(values.shape(), i);
      Integer[] order = order(x, place, axis);
      int found = order[place[axis]];
      place[axis] = found;
      values.data()[i] = x.at(place);
      indices.data()[i] = found;
    }
    return List.of(values, indices);
  }

  /** The indices along the axis by falling element; sorting is stable, and NaN sorts as largest. */
  private static Integer[] order(Array x, int[] place, int axis) {
    int[] at = place.clone();
    Integer[] order = IntStream.range(0, x.shape()[axis]).boxed().toArray(Integer[]::new);
    double[] row = new double[order.length];
    for (int i = 0; i < row.length; i++) {
      at[axis] = i;
      row[i] = x.at(at) + 0.0;
    }
    Arrays.sort(order, (a, b) -> Double.compare(row[b], row[a]));
    return order;
  }

  /** For each place in the order, the best of what the places before have not taken: k passes. */
  @Override
  public void lower(Lowering<Attributes> lowering) {
    Buffer x = lowering.operand(0);
    int axis = Operands.axis(name(), lowering.attributes().axis(), x.rank());
    List<Axis> all = lowering.axes(x.shape());
    Axis rank = lowering.axes(List.of(Dim.constant(lowering.attributes().k()))).get(0);
    List<Axis> rows = new ArrayList<>(all);
    rows.remove(axis);
    lowering.statements(StatementLoops.over(rows, new Search(lowering, axis, all, rank).row()));
  }

  /** The statements for one row. */
  private static final class Search {
    private final Lowering<Attributes> lowering;
    private final Axis along;
    private final Axis rank;
    private final List<Expr> source;
    private final List<Expr> target;
    private final Expr element;
    private final Expr.Var best;
    private final Expr.Var bestPlace;
    private final Expr.Var last;
    private final Expr.Var lastPlace;

    Search(Lowering<Attributes> lowering, int axis, List<Axis> all, Axis rank) {
      this.lowering = lowering;
      this.along = all.get(axis);
      this.rank = rank;
      this.source = Lowering.index(all);
      List<Expr> places = new ArrayList<>(source);
      places.set(axis, rank.variable());
      this.target = places;
      Expr load = new Expr.Load(lowering.operand(0), source);
      this.element = Expr.cast(ElementwiseOp.computeType(load.dtype()), load);
      this.best = new Expr.Var("best_" + rank.name(), element.dtype());
      this.bestPlace = new Expr.Var("best_place_" + rank.name(), DType.I32);
      this.last = new Expr.Var("last_" + rank.name(), element.dtype());
      this.lastPlace = new Expr.Var("last_place_" + rank.name(), DType.I32);
    }

    Stmt row() {
      Expr zero = Expr.constant(element.dtype(), 0);
      Stmt ranks = StatementLoops.serial(rank, oneRank(zero));
      return new Stmt.Mutable(
          last.name(), zero, new Stmt.Mutable(lastPlace.name(), Expr.integer(-1), ranks));
    }

    private Stmt oneRank(Expr zero) {
      Stmt search = StatementLoops.serial(along, consider());
      Stmt done =
          Stmt.seq(
              search,
              new Stmt.Store(
                  lowering.result(), target, ElementwiseOp.stored(lowering.result().dtype(), best)),
              new Stmt.Store(lowering.results().get(1), target, bestPlace),
              new Stmt.Assign(last.name(), best),
              new Stmt.Assign(lastPlace.name(), bestPlace));
      return new Stmt.Mutable(
          best.name(), zero, new Stmt.Mutable(bestPlace.name(), Expr.integer(-1), done));
    }

    /** Takes the element if it comes after the last one taken and before the best so far. */
    private Stmt consider() {
      Expr free =
          or(
              Expr.apply(ScalarOp.LESS, lastPlace, Expr.integer(0)),
              before(last, lastPlace, element, along.variable()));
      Expr better =
          or(
              Expr.apply(ScalarOp.LESS, bestPlace, Expr.integer(0)),
              before(element, along.variable(), best, bestPlace));
      Stmt take =
          Stmt.seq(
              new Stmt.Assign(best.name(), element),
              new Stmt.Assign(bestPlace.name(), along.variable()));
      return new Stmt.If(Expr.apply(ScalarOp.AND, free, better), take, null);
    }

    /** Whether an element comes before another in the falling order. */
    private static Expr before(Expr value, Expr place, Expr other, Expr otherPlace) {
      Expr greater = Expr.apply(ScalarOp.GREATER, value, other);
      Expr equal = Expr.apply(ScalarOp.EQUAL, value, other);
      Expr first = Expr.apply(ScalarOp.LESS, place, otherPlace);
      if (!value.dtype().isFloating()) {
        return or(greater, Expr.apply(ScalarOp.AND, equal, first));
      }
      Expr isNaN = Expr.apply(ScalarOp.NOT_EQUAL, value, value);
      Expr otherIsNaN = Expr.apply(ScalarOp.NOT_EQUAL, other, other);
      Expr onlyThis = Expr.apply(ScalarOp.AND, isNaN, Expr.apply(ScalarOp.NOT, otherIsNaN));
      Expr both = Expr.apply(ScalarOp.AND, isNaN, otherIsNaN);
      Expr tied = Expr.apply(ScalarOp.AND, or(equal, both), first);
      return or(or(greater, onlyThis), tied);
    }

    private static Expr or(Expr left, Expr right) {
      return Expr.apply(ScalarOp.OR, left, right);
    }
  }

  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    TensorType x = call.operand(0).tensor();
    int axis = Operands.axis(name(), call.attributes().axis(), x.rank());
    Value indices = call.results().get(1);
    return List.of(
        ScatterAddAlong.of(call.builder(), call.cotangent(), indices, x.dim(axis), axis));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return List.of(
        Sample.of(
            "rows",
            new Attributes(2, -1),
            List.of(Array.f32(new int[] {2, 4}, 1, 4, 3, 2, -1, -4, -3, -2)),
            List.of(
                Array.f32(new int[] {2, 2}, 4, 3, -1, -2), Array.i32(new int[] {2, 2}, 1, 2, 0, 3)),
            "by hand"),
        Sample.of(
                "ties and NaN",
                new Attributes(5, 0),
                List.of(Array.f32(new int[] {5}, 2, Double.NaN, 3, 2, Double.NEGATIVE_INFINITY)),
                List.of(
                    Array.f32(new int[] {5}, Double.NaN, 3, 2, 2, Double.NEGATIVE_INFINITY),
                    Array.i32(new int[] {5}, 1, 2, 0, 3, 4)),
                "by hand, NaN as torch 1.13 topk")
            .kink(),
        Sample.of("odd sizes", new Attributes(3, 1), List.of(SampleValues.spread(1, 2, 7, 3))));
  }

  @Override
  public String doc() {
    return "the k largest elements along an axis in falling order, and their indices";
  }
}
