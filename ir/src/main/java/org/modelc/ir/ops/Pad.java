package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.AttributeText;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.DimArithmetic;
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
import org.modelc.runtime.spec.Dim;

/**
 * Puts elements around and between those of a tensor, as {@code jax.lax.pad}. Negative low or high
 * padding takes elements away.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Pad extends PrimitiveOp<Pad.Attributes> {
  private static final Pad OP = new Pad();

  /** How much is put where. */
  public record Attributes(
      @Attribute(doc = "elements before the first, of each axis") List<Dim> low,
      @Attribute(doc = "elements after the last, of each axis") List<Dim> high,
      @Attribute(value = "[]", doc = "elements between neighbours, of each axis; none: all 0")
          List<Integer> interior,
      @Attribute(value = "0", doc = "what is put there") double value) {
    public Attributes {
      low = List.copyOf(low);
      high = List.copyOf(high);
      interior = List.copyOf(interior);
    }

    /** The distance of neighbours in the result. */
    int step(int axis) {
      return interior.isEmpty() ? 1 : interior.get(axis) + 1;
    }
  }

  public Pad() {
    super("pad", Attributes.class, "x");
  }

  /** The value padded; the value itself if nothing is put anywhere. */
  public static Value of(
      GraphBuilder builder,
      Value x,
      List<Dim> low,
      List<Dim> high,
      List<Integer> interior,
      double value) {
    boolean dense = interior.stream().allMatch(between -> between == 0);
    boolean none = low.stream().allMatch(d -> d.is(0)) && high.stream().allMatch(d -> d.is(0));
    if (dense && none) {
      return x;
    }
    Attributes attributes = new Attributes(low, high, dense ? List.of() : interior, value);
    return builder.add(OP, attributes, List.of(x)).get(0);
  }

  /** The extent of a dim with elements put between neighbours. */
  static Dim extent(Dim dim, int between) {
    return dim.is(0) ? dim : dim.times(between + 1).plus(-between);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType type = call.tensor(0);
    Attributes attributes = call.attributes();
    int rank = type.rank();
    boolean fits = attributes.low().size() == rank && attributes.high().size() == rank;
    if (!fits || (!attributes.interior().isEmpty() && attributes.interior().size() != rank)) {
      throw new OpException(
          "pad of "
              + type
              + " needs low, high and interior for each of its "
              + rank
              + " axes, got "
              + AttributeText.print(attributes).trim());
    }
    List<Dim> shape = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      shape.add(size(attributes, axis, type));
    }
    return List.of(type.withShape(shape));
  }

  private static Dim size(Attributes attributes, int axis, TensorType type) {
    int between = attributes.step(axis) - 1;
    Dim extent = extent(type.dim(axis), between);
    Dim size = attributes.low().get(axis).plus(extent).plus(attributes.high().get(axis));
    if (between < 0 || (size.isStatic() && size.value() < 0)) {
      throw new OpException(
          "pad by "
              + attributes.low().get(axis)
              + ", "
              + between
              + " and "
              + attributes.high().get(axis)
              + " does not fit axis "
              + axis
              + " of "
              + type,
          between < 0 ? "interior padding is 0 or more" : "the result would have size " + size);
    }
    return size;
  }

  @Override
  public List<Array> eval(EvalCall<Attributes> call) {
    Array x = call.operand(0);
    Array result = Array.zeros(x.dtype(), call.shape());
    Arrays.fill(result.data(), call.attributes().value());
    for (int i = 0; i < x.size(); i++) {
      int[] index = Array.index(x.shape(), i);
      boolean inside = true;
      for (int axis = 0; axis < index.length; axis++) {
        index[axis] =
            call.attributes().low().get(axis).intValue()
                + index[axis] * call.attributes().step(axis);
        inside &= index[axis] >= 0 && index[axis] < result.shape()[axis];
      }
      if (inside) {
        result.set(x.data()[i], index);
      }
    }
    return List.of(result);
  }

  @Override
  public void lower(Lowering<Attributes> lowering) {
    List<Axis> axes = lowering.axes(lowering.result().shape());
    Expr value = padded(lowering.operand(0), lowering.attributes(), Lowering.index(axes));
    lowering.elementwise(axes, lowering.result(), Lowering.index(axes), value);
  }

  /** The element at an index of the padded tensor: a guarded load. */
  static Expr padded(Buffer buffer, Attributes attributes, List<Expr> index) {
    List<Expr> source = new ArrayList<>();
    Expr inside = null;
    for (int axis = 0; axis < index.size(); axis++) {
      int step = attributes.step(axis);
      Dim extent = extent(buffer.shape().get(axis), step - 1);
      Expr place = DimArithmetic.shift(index.get(axis), attributes.low().get(axis).times(-1));
      inside = and(inside, notBefore(place, attributes.low().get(axis)));
      inside = and(inside, notAfter(place, attributes.high().get(axis), extent));
      inside = and(inside, step == 1 ? null : onElement(place, step));
      source.add(step == 1 ? place : place.dividedBy(Expr.integer(step)));
    }
    Expr load = new Expr.Load(buffer, source);
    Expr filler = Expr.constant(load.dtype(), attributes.value());
    return inside == null ? load : Expr.select(inside, load, filler);
  }

  private static Expr notBefore(Expr place, Dim low) {
    boolean never = low.isStatic() && low.value() <= 0;
    return never ? null : Expr.apply(ScalarOp.GREATER_EQUAL, place, Expr.integer(0));
  }

  private static Expr notAfter(Expr place, Dim high, Dim extent) {
    boolean never = high.isStatic() && high.value() <= 0;
    return never ? null : Expr.apply(ScalarOp.LESS, place, Expr.size(extent));
  }

  private static Expr onElement(Expr place, int step) {
    Expr rest = Expr.apply(ScalarOp.REMAINDER, place, Expr.integer(step));
    return Expr.apply(ScalarOp.EQUAL, rest, Expr.integer(0));
  }

  private static Expr and(Expr left, Expr right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    return Expr.apply(ScalarOp.AND, left, right);
  }

  /** What was taken away gets zeros back; what was put there is left out. */
  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    TensorType type = call.operand(0).tensor();
    Attributes attributes = call.attributes();
    List<Dim> low = attributes.low().stream().map(dim -> dim.times(-1)).toList();
    List<Dim> high = attributes.high().stream().map(dim -> dim.times(-1)).toList();
    List<Dim> limit = new ArrayList<>();
    List<Integer> stride = new ArrayList<>();
    for (int axis = 0; axis < type.rank(); axis++) {
      stride.add(attributes.step(axis));
      limit.add(extent(type.dim(axis), attributes.step(axis) - 1));
    }
    Value cropped = crop(call.builder(), call.cotangent(), low, high, limit);
    List<Dim> zeros = Collections.nCopies(type.rank(), Dim.ZERO);
    return List.of(Slice.of(call.builder(), cropped, zeros, limit, stride));
  }

  /** A slice where nothing is added, else a pad. */
  private static Value crop(
      GraphBuilder builder, Value x, List<Dim> low, List<Dim> high, List<Dim> shape) {
    boolean adds = low.stream().anyMatch(Pad::mayAdd) || high.stream().anyMatch(Pad::mayAdd);
    if (adds) {
      return of(builder, x, low, high, List.of(), 0);
    }
    List<Dim> start = low.stream().map(dim -> dim.times(-1)).toList();
    List<Dim> limit = new ArrayList<>();
    for (int axis = 0; axis < shape.size(); axis++) {
      limit.add(start.get(axis).plus(shape.get(axis)));
    }
    return Slice.of(builder, x, start, limit, List.of());
  }

  private static boolean mayAdd(Dim dim) {
    return dim.isStatic() && dim.value() > 0;
  }

  @Override
  public List<Sample<Attributes>> samples() {
    Array x = Array.f32(new int[] {2, 2}, 1, 2, 3, 4);
    return List.of(
        Sample.of(
            "around",
            new Attributes(dims(0, 1), dims(1, 0), List.of(), -1),
            List.of(x),
            List.of(Array.f32(new int[] {3, 3}, -1, 1, 2, -1, 3, 4, -1, -1, -1)),
            "by hand"),
        Sample.of(
            "between",
            new Attributes(dims(0, 1), dims(0, 1), List.of(1, 2), 0),
            List.of(x),
            List.of(
                Array.f32(new int[] {3, 6}, 0, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 4, 0)),
            "by hand"),
        Sample.of(
            "taken away",
            new Attributes(dims(-1, 2), dims(1, -1), List.of(), 0),
            List.of(x),
            List.of(Array.f32(new int[] {2, 3}, 0, 0, 3, 0, 0, 0)),
            "by hand"),
        Sample.of(
            "odd sizes",
            new Attributes(dims(2, 0, 1), dims(0, 3, 1), List.of(0, 2, 1), 0.5),
            List.of(SampleValues.spread(3, 1, 3, 7))));
  }

  private static List<Dim> dims(int... values) {
    return IntStream.of(values).mapToObj(Dim::constant).toList();
  }

  @Override
  public String doc() {
    return "puts a number around and between the elements; negative padding takes elements away";
  }
}
