package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.op.DimArithmetic;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.Dim;

/** Cuts a tensor into parts along an axis: equal ones, or of given sizes. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Split extends CompositeOp<Split.Attributes> {
  private static final Split OP = new Split();

  /** The parts: a number of equal ones, or sizes. */
  public record Attributes(
      @Attribute(value = "0", doc = "the number of equal parts; 0 if sizes are given") int sections,
      @Attribute(value = "-1", doc = "the axis that is cut") int axis,
      @Attribute(value = "[]", doc = "the size of each part; their sum is the dim")
          List<Dim> sizes) {
    public Attributes {
      sizes = List.copyOf(sizes);
    }
  }

  public Split() {
    super("split", Attributes.class, "x");
  }

  /** Equal parts. */
  public static List<Value> of(GraphBuilder builder, Value x, int sections, int axis) {
    return builder.add(OP, new Attributes(sections, axis, List.of()), List.of(x));
  }

  /** Parts of given sizes. */
  public static List<Value> of(GraphBuilder builder, Value x, List<Dim> sizes, int axis) {
    return builder.add(OP, new Attributes(0, axis, sizes), List.of(x));
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType type = call.tensor(0);
    int axis = Operands.axis(name(), call.attributes().axis(), type.rank());
    List<ValueType> parts = new ArrayList<>();
    for (Dim size : sizes(call.attributes(), type, axis)) {
      parts.add(type.withShape(DimArithmetic.with(type.shape(), axis, size)));
    }
    return parts;
  }

  private static List<Dim> sizes(Attributes attributes, TensorType type, int axis) {
    if (attributes.sections() > 0 != attributes.sizes().isEmpty()) {
      throw new OpException("split needs either a number of sections or sizes");
    }
    boolean equal = attributes.sections() > 0;
    return equal ? equalSizes(attributes, type, axis) : givenSizes(attributes, type, axis);
  }

  private static List<Dim> equalSizes(Attributes attributes, TensorType type, int axis) {
    int sections = attributes.sections();
    Dim size = type.dim(axis).dividedExactly(Dim.constant(sections));
    if (size == null) {
      throw new OpException(
          "split cannot cut axis " + axis + " of " + type + " into " + sections + " equal parts",
          type.dim(axis) + " is no multiple of " + sections + "; give sizes");
    }
    return Collections.nCopies(sections, size);
  }

  private static List<Dim> givenSizes(Attributes attributes, TensorType type, int axis) {
    Dim sum = attributes.sizes().stream().reduce(Dim.ZERO, Dim::plus);
    if (!sum.equals(type.dim(axis))) {
      throw new OpException(
          "split into " + attributes.sizes() + " does not fit axis " + axis + " of " + type,
          "the sizes add up to " + sum + ", the dim is " + type.dim(axis));
    }
    return attributes.sizes();
  }

  @Override
  public List<Value> expand(GraphBuilder builder, Attributes attributes, List<Value> operands) {
    Value x = operands.get(0);
    int axis = Operands.axis(name(), attributes.axis(), x.tensor().rank());
    List<Value> parts = new ArrayList<>();
    Dim start = Dim.ZERO;
    for (Dim size : sizes(attributes, x.tensor(), axis)) {
      parts.add(Slice.ofAxis(builder, x, axis, start, start.plus(size)));
      start = start.plus(size);
    }
    return parts;
  }

  /** One concat of all cotangents, rather than a sum of padded ones. */
  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    List<Value> parts = new ArrayList<>();
    for (int i = 0; i < call.results().size(); i++) {
      TensorType type = call.results().get(i).tensor();
      Value given = call.cotangents().get(i);
      parts.add(
          given == null ? Constant.full(call.builder(), type.dtype(), type.shape(), 0) : given);
    }
    return List.of(Concat.of(call.builder(), parts, call.attributes().axis()));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    Array x = Array.f32(new int[] {2, 4}, 1, 2, 3, 4, 5, 6, 7, 8);
    return List.of(
        Sample.of(
            "equal parts",
            new Attributes(2, -1, List.of()),
            List.of(x),
            List.of(
                Array.f32(new int[] {2, 2}, 1, 2, 5, 6), Array.f32(new int[] {2, 2}, 3, 4, 7, 8)),
            "by hand"),
        Sample.of(
            "sizes",
            new Attributes(0, 1, List.of(Dim.ONE, Dim.constant(3))),
            List.of(x),
            List.of(
                Array.f32(new int[] {2, 1}, 1, 5), Array.f32(new int[] {2, 3}, 2, 3, 4, 6, 7, 8)),
            "by hand"));
  }

  @Override
  public String doc() {
    return "cuts a tensor into parts along an axis: a number of equal ones, or of given sizes";
  }
}
