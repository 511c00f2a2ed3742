package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.MovementOp;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.Dim;

/** Turns axes around. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Reverse extends MovementOp<Reverse.Attributes> {
  private static final Reverse OP = new Reverse();

  /** The axes turned. */
  public record Attributes(@Attribute(doc = "the axes turned around") List<Integer> axes) {
    public Attributes {
      axes = List.copyOf(axes);
    }
  }

  public Reverse() {
    super("reverse", Attributes.class);
  }

  /** The value with the axes turned around. */
  public static Value of(GraphBuilder builder, Value x, List<Integer> axes) {
    return axes.isEmpty() ? x : builder.add(OP, new Attributes(axes), List.of(x)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    turned(call.attributes(), call.tensor(0).rank());
    return List.of(call.tensor(0));
  }

  private static Set<Integer> turned(Attributes attributes, int rank) {
    Set<Integer> turned = new HashSet<>();
    for (int axis : attributes.axes()) {
      if (!turned.add(Operands.axis("reverse", axis, rank))) {
        throw new OpException("reverse is given axis " + axis + " twice: " + attributes.axes());
      }
    }
    return turned;
  }

  @Override
  protected int[] source(Attributes attributes, int[] shape, int[] index) {
    int[] source = index.clone();
    for (int axis : turned(attributes, shape.length)) {
      source[axis] = shape[axis] - 1 - index[axis];
    }
    return source;
  }

  @Override
  protected List<Expr> source(Attributes attributes, List<Dim> shape, List<Expr> index) {
    List<Expr> source = new ArrayList<>(index);
    for (int axis : turned(attributes, shape.size())) {
      source.set(axis, Expr.size(shape.get(axis).plus(-1)).minus(index.get(axis)));
    }
    return source;
  }

  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    return List.of(of(call.builder(), call.cotangent(), call.attributes().axes()));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    Array x = Array.f32(new int[] {2, 3}, 1, 2, 3, 4, 5, 6);
    return List.of(
        Sample.of(
            "last axis",
            new Attributes(List.of(-1)),
            List.of(x),
            List.of(Array.f32(new int[] {2, 3}, 3, 2, 1, 6, 5, 4)),
            "by hand"),
        Sample.of(
            "both axes",
            new Attributes(List.of(0, 1)),
            List.of(x),
            List.of(Array.f32(new int[] {2, 3}, 6, 5, 4, 3, 2, 1)),
            "by hand"));
  }

  @Override
  public String doc() {
    return "turns axes around: the last element comes first";
  }
}
