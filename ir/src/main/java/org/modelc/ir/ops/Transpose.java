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
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.MovementOp;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.SampleValues;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.Dim;

/** Reorders axes. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Transpose extends MovementOp<Transpose.Attributes> {
  private static final Transpose OP = new Transpose();

  /** The order of axes. */
  public record Attributes(
      @Attribute(value = "[]", doc = "the operand's axis at each place; none reverses all axes")
          List<Integer> permutation) {
    public Attributes {
      permutation = List.copyOf(permutation);
    }
  }

  public Transpose() {
    super("transpose", Attributes.class);
  }

  /** The value with its axes in this order; the value itself if the order is its own. */
  public static Value of(GraphBuilder builder, Value x, List<Integer> permutation) {
    List<Integer> same = IntStream.range(0, permutation.size()).boxed().toList();
    return permutation.equals(same)
        ? x
        : builder.add(OP, new Attributes(permutation), List.of(x)).get(0);
  }

  /** The value with its last two axes exchanged: each matrix of a batch transposed. */
  public static Value ofMatrices(GraphBuilder builder, Value x) {
    int rank = x.tensor().rank();
    List<Integer> permutation = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    Collections.swap(permutation, rank - 2, rank - 1);
    return of(builder, x, permutation);
  }

  /** The operand's axis at each place, counted from the front. */
  private static int[] permutation(Attributes attributes, int rank) {
    List<Integer> given = attributes.permutation();
    if (given.isEmpty()) {
      return IntStream.range(0, rank).map(axis -> rank - 1 - axis).toArray();
    }
    int[] order = given.stream().mapToInt(a -> Operands.axis("transpose", a, rank)).toArray();
    if (order.length != rank || IntStream.of(order).distinct().count() != rank) {
      throw new OpException(
          "transpose of an operand of rank " + rank + " is given the axes " + given,
          "name each axis from 0 to " + (rank - 1) + " once");
    }
    return order;
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType type = call.tensor(0);
    int[] order = permutation(call.attributes(), type.rank());
    return List.of(type.withShape(IntStream.of(order).mapToObj(type::dim).toList()));
  }

  @Override
  protected int[] source(Attributes attributes, int[] shape, int[] index) {
    int[] order = permutation(attributes, shape.length);
    int[] source = new int[shape.length];
    for (int i = 0; i < order.length; i++) {
      source[order[i]] = index[i];
    }
    return source;
  }

  @Override
  protected List<Expr> source(Attributes attributes, List<Dim> shape, List<Expr> index) {
    int[] order = permutation(attributes, shape.size());
    Expr[] source = new Expr[order.length];
    for (int i = 0; i < order.length; i++) {
      source[order[i]] = index.get(i);
    }
    return Arrays.asList(source);
  }

  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    int[] order = permutation(call.attributes(), call.operand(0).tensor().rank());
    Integer[] inverse = new Integer[order.length];
    for (int i = 0; i < order.length; i++) {
      inverse[order[i]] = i;
    }
    return List.of(of(call.builder(), call.cotangent(), Arrays.asList(inverse)));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    Array x = Array.f32(new int[] {2, 3}, 1, 2, 3, 4, 5, 6);
    return List.of(
        Sample.of(
            "matrix",
            new Attributes(List.of()),
            List.of(x),
            List.of(Array.f32(new int[] {3, 2}, 1, 4, 2, 5, 3, 6)),
            "by hand"),
        Sample.of(
            "cycle of three axes",
            new Attributes(List.of(2, 0, -2)),
            List.of(Array.f32(new int[] {1, 2, 3}, 1, 2, 3, 4, 5, 6)),
            List.of(Array.f32(new int[] {3, 1, 2}, 1, 4, 2, 5, 3, 6)),
            "by hand"),
        Sample.of(
            "odd sizes",
            new Attributes(List.of(1, 2, 0)),
            List.of(SampleValues.spread(1, 3, 7, 2))));
  }

  @Override
  public String doc() {
    return "reorders axes; without an order it reverses them: the transpose of a matrix";
  }
}
