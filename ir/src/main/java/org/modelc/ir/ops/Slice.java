package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.AttributeText;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.DimArithmetic;
import org.modelc.ir.op.MovementOp;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** A part of a tensor: on each axis the elements start, start + stride, … below limit. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Slice extends MovementOp<Slice.Attributes> {
  private static final Slice OP = new Slice();

  /** The part. */
  public record Attributes(
      @Attribute(doc = "the first element of each axis") List<Dim> start,
      @Attribute(doc = "the end of each axis, not taken") List<Dim> limit,
      @Attribute(value = "[]", doc = "the step of each axis, 1 or more; none: all 1")
          List<Integer> stride) {
    public Attributes {
      start = List.copyOf(start);
      limit = List.copyOf(limit);
      stride = List.copyOf(stride);
    }

    int step(int axis) {
      return stride.isEmpty() ? 1 : stride.get(axis);
    }
  }

  public Slice() {
    super("slice", Attributes.class);
  }

  /** A part of all axes. */
  public static Value of(
      GraphBuilder builder, Value x, List<Dim> start, List<Dim> limit, List<Integer> stride) {
    boolean plain = stride.stream().allMatch(step -> step == 1);
    boolean whole = plain && start.stream().allMatch(dim -> dim.is(0));
    if (whole && limit.equals(x.tensor().shape())) {
      return x;
    }
    Attributes attributes = new Attributes(start, limit, plain ? List.of() : stride);
    return builder.add(OP, attributes, List.of(x)).get(0);
  }

  /** A part of one axis; the others stay whole. */
  public static Value ofAxis(GraphBuilder builder, Value x, int axis, Dim start, Dim limit) {
    List<Dim> shape = x.tensor().shape();
    List<Dim> zeros = Collections.nCopies(shape.size(), Dim.ZERO);
    List<Dim> starts = DimArithmetic.with(zeros, axis, start);
    return of(builder, x, starts, DimArithmetic.with(shape, axis, limit), List.of());
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType type = call.tensor(0);
    Attributes attributes = call.attributes();
    int given = attributes.start().size();
    boolean sameRank = given == type.rank() && attributes.limit().size() == given;
    if (!sameRank || (!attributes.stride().isEmpty() && attributes.stride().size() != given)) {
      throw new OpException(
          "slice of "
              + type
              + " needs a start, limit and stride for each of its "
              + type.rank()
              + " axes, got "
              + AttributeText.print(attributes).trim());
    }
    List<Dim> shape = new ArrayList<>();
    for (int axis = 0; axis < type.rank(); axis++) {
      shape.add(size(attributes, axis, type));
    }
    return List.of(type.withShape(shape));
  }

  private static Dim size(Attributes attributes, int axis, TensorType type) {
    Dim start = attributes.start().get(axis);
    Dim limit = attributes.limit().get(axis);
    Dim taken = limit.minus(start);
    int step = attributes.step(axis);
    boolean below = negative(start) || negative(taken);
    if (below || negative(type.dim(axis).minus(limit)) || step < 1) {
      throw new OpException(
          "slice from "
              + start
              + " to "
              + limit
              + " by "
              + step
              + " does not fit axis "
              + axis
              + " of "
              + type,
          "0 <= start <= limit <= " + type.dim(axis) + ", stride 1 or more");
    }
    Dim size = DimArithmetic.ceilDivide(taken, step);
    if (size == null) {
      throw new OpException(
          "slice by "
              + step
              + " of "
              + taken
              + " elements has a size that depends on the rest of a"
              + " division",
          "make the dim a multiple: declare it as " + step + "*n");
    }
    return size;
  }

  private static boolean negative(Dim dim) {
    return dim.isStatic() && dim.value() < 0;
  }

  @Override
  protected int[] source(Attributes attributes, int[] shape, int[] index) {
    int[] source = new int[shape.length];
    for (int axis = 0; axis < shape.length; axis++) {
      source[axis] = attributes.start().get(axis).intValue() + index[axis] * attributes.step(axis);
    }
    return source;
  }

  @Override
  protected List<Expr> source(Attributes attributes, List<Dim> shape, List<Expr> index) {
    List<Expr> source = new ArrayList<>();
    for (int axis = 0; axis < shape.size(); axis++) {
      Expr stepped = DimArithmetic.scale(index.get(axis), attributes.step(axis));
      source.add(DimArithmetic.shift(stepped, attributes.start().get(axis)));
    }
    return source;
  }

  /** The cotangent put back in its place among zeros. */
  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    TensorType type = call.operand(0).tensor();
    List<Dim> high = new ArrayList<>();
    List<Integer> interior = new ArrayList<>();
    for (int axis = 0; axis < type.rank(); axis++) {
      int step = call.attributes().step(axis);
      Dim taken = Pad.extent(call.cotangent().tensor().dim(axis), step - 1);
      high.add(type.dim(axis).minus(call.attributes().start().get(axis)).minus(taken));
      interior.add(step - 1);
    }
    List<Dim> low = call.attributes().start();
    return List.of(Pad.of(call.builder(), call.cotangent(), low, high, interior, 0));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    Array x = Array.f32(new int[] {3, 4}, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    return List.of(
        Sample.of(
            "block",
            new Attributes(dims(1, 1), dims(3, 3), List.of()),
            List.of(x),
            List.of(Array.f32(new int[] {2, 2}, 6, 7, 10, 11)),
            "by hand"),
        Sample.of(
            "strides",
            new Attributes(dims(0, 1), dims(3, 4), List.of(2, 2)),
            List.of(x),
            List.of(Array.f32(new int[] {2, 2}, 2, 4, 10, 12)),
            "by hand"),
        Sample.of(
            "nothing",
            new Attributes(dims(1, 4), dims(3, 4), List.of(1, 3)),
            List.of(x),
            List.of(Array.zeros(DType.F32, 2, 0)),
            "by hand"));
  }

  private static List<Dim> dims(int... values) {
    return IntStream.of(values).mapToObj(Dim::constant).toList();
  }

  @Override
  public String doc() {
    return "a part of a tensor: on each axis every stride-th element from start to below limit";
  }
}
