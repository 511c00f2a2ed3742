package org.modelc.testkit.random;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.Broadcasting;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.OpRegistry;
import org.modelc.ir.ops.Broadcast;
import org.modelc.ir.ops.Concat;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.ops.Matmul;
import org.modelc.ir.ops.RandomBernoulli;
import org.modelc.ir.ops.RandomNormal;
import org.modelc.ir.ops.RandomUniform;
import org.modelc.ir.ops.Reshape;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Ways for a graph to grow by a node or a few. A rule that does not fit does nothing. */
final class RandomRules {
  /** Ops that need more care than a draw gives: rules of their own, or none. */
  private static final Set<String> OTHERWISE =
      Set.of(
          "broadcast",
          "reshape",
          "concat",
          "matmul",
          "gather",
          "gather_along",
          "scatter_add",
          "scatter_add_along",
          "one_hot",
          "quantize",
          "dequantize");

  private final Growth growth;
  private final RandomAttributes attributes;
  private final IndexRules indexRules;
  private final WindowRules windowRules;
  private final QuantizedRules quantizedRules;
  private final List<OpDef<?>> ops = new ArrayList<>();

  RandomRules(Growth growth) {
    this.growth = growth;
    this.indexRules = new IndexRules(growth);
    this.windowRules = new WindowRules(growth);
    this.quantizedRules = new QuantizedRules(growth);
    this.attributes = new RandomAttributes(growth.random, growth.dtype);
    for (OpDef<?> op : OpRegistry.all()) {
      boolean open = op.operandNames().stream().anyMatch(name -> name.endsWith("*"));
      boolean drawn = !open && !op.isRandom() && !OTHERWISE.contains(op.name());
      if (drawn && !op.operandNames().isEmpty()) {
        ops.add(op);
      }
    }
  }

  /** Tries one rule. */
  boolean grow() {
    try {
      return switch (growth.random.nextInt(15)) {
        case 0 -> matmul();
        case 1 -> broadcast();
        case 2 -> reshape();
        case 3 -> concat();
        case 4 -> indexRules.grow();
        case 5 -> windowRules.grow();
        case 6 -> draws();
        case 7 -> quantizedRules.grow();
        default -> anyOp(ops.get(growth.random.nextInt(ops.size())));
      };
    } catch (OpException doesNotFit) {
      return false;
    }
  }

  private <A extends Record> boolean anyOp(OpDef<A> op) {
    List<Value> operands = new ArrayList<>();
    operands.add(growth.pick(value -> true));
    for (int i = 1; i < op.operandNames().size(); i++) {
      operands.add(partner(op, operands.get(i - 1)));
    }
    boolean divides = op.name().equals("divide") || op.name().equals("remainder");
    if (divides && !operands.get(1).tensor().dtype().isFloating()) {
      return false;
    }
    A drawn = attributes.draw(op, operands.get(0).tensor());
    if (drawn == null) {
      return false;
    }
    List<Value> fitted =
        op.broadcasts()
            ? Broadcasting.toCommonShape(growth.builder, op.name(), operands)
            : operands;
    return growth.add(op, drawn, fitted);
  }

  /** Another operand: of the same shape, one that broadcasts, a constant or anything. */
  private Value partner(OpDef<?> op, Value first) {
    DType dtype =
        op.name().equals("select") && first.tensor().dtype() == DType.BOOL
            ? growth.dtype
            : first.tensor().dtype();
    List<Dim> shape = first.tensor().shape();
    Value other =
        switch (growth.random.nextInt(4)) {
          case 0 -> constant(dtype);
          case 1 ->
              growth.pick(v -> v.tensor().dtype() == dtype && v.tensor().rank() < shape.size());
          default ->
              growth.pick(v -> v.tensor().dtype() == dtype && v.tensor().shape().equals(shape));
        };
    return other != null ? other : growth.input(dtype, shape);
  }

  private Value constant(DType dtype) {
    int value = dtype == DType.BOOL ? growth.random.nextInt(2) : 1 + growth.random.nextInt(3);
    return Constant.scalar(growth.builder, dtype, value);
  }

  /** A random op, drawn at a place of its own or at one that another node draws at. */
  private boolean draws() {
    Value seed = growth.whole(growth.random.nextInt(1_000));
    Value step = growth.whole(growth.random.nextInt(5));
    List<Dim> shape = growth.shape(growth.random.nextInt(4));
    String site = "site" + growth.random.nextInt(3);
    List<Value> controls = List.of(seed, step);
    return switch (growth.random.nextInt(3)) {
      case 0 ->
          growth.add(
              new RandomUniform(),
              new RandomUniform.Attributes(shape, -1, 2, growth.dtype, site),
              controls);
      case 1 ->
          growth.add(
              new RandomNormal(),
              new RandomNormal.Attributes(shape, 1, 0.5, growth.dtype, site),
              controls);
      default ->
          growth.add(
              new RandomBernoulli(), new RandomBernoulli.Attributes(shape, 0.3, site), controls);
    };
  }

  private boolean matmul() {
    Value left = growth.floating(2);
    List<Dim> shape = new ArrayList<>(left.tensor().shape());
    int rank = shape.size();
    Dim inner = shape.get(rank - 1);
    Dim columns = growth.columns();
    List<Dim> wanted =
        rank > 2 && growth.random.nextBoolean()
            ? new ArrayList<>(shape.subList(0, rank - 2))
            : new ArrayList<>();
    wanted.add(inner);
    wanted.add(columns);
    Value right = growth.input(growth.dtype, wanted);
    return growth.keep(List.of(Matmul.of(growth.builder, left, right)));
  }

  private boolean broadcast() {
    Value value = growth.pick(v -> v.tensor().rank() < 4);
    List<Dim> shape = new ArrayList<>();
    for (Dim dim : value.tensor().shape()) {
      shape.add(dim.is(1) && growth.random.nextBoolean() ? growth.shape(2).get(0) : dim);
    }
    if (growth.random.nextBoolean()) {
      shape.add(0, growth.shape(2).get(0));
    }
    return growth.keep(List.of(Broadcast.of(growth.builder, value, shape)));
  }

  /** Joins two neighbouring dims, or splits off a factor. */
  private boolean reshape() {
    Value value = growth.pick(v -> v.tensor().rank() > 0);
    List<Dim> shape = new ArrayList<>(value.tensor().shape());
    int axis = growth.random.nextInt(shape.size());
    if (axis + 1 < shape.size() && growth.random.nextBoolean()) {
      shape.set(axis, shape.get(axis).times(shape.remove(axis + 1)));
    } else {
      Dim factor = Dim.constant(1 + growth.random.nextInt(3));
      Dim rest = shape.get(axis).dividedExactly(factor);
      if (rest == null) {
        return false;
      }
      shape.set(axis, factor);
      shape.add(axis + 1, rest);
    }
    return growth.keep(List.of(Reshape.of(growth.builder, value, shape)));
  }

  private boolean concat() {
    Value first = growth.pick(v -> v.tensor().rank() > 0);
    int axis = growth.random.nextInt(first.tensor().rank());
    List<Dim> shape = new ArrayList<>(first.tensor().shape());
    shape.set(axis, growth.shape(2).get(0));
    Value second = growth.input(first.tensor().dtype(), shape);
    List<Value> both = new ArrayList<>(List.of(first, second));
    Collections.shuffle(both, growth.random);
    return growth.keep(List.of(Concat.of(growth.builder, both, axis)));
  }
}
