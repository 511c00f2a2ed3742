package org.modelc.testkit.random;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Einsum;
import org.modelc.ir.ops.Gather;
import org.modelc.ir.ops.GatherAlong;
import org.modelc.ir.ops.Iota;
import org.modelc.ir.ops.OneHot;
import org.modelc.ir.ops.ScatterAdd;
import org.modelc.ir.ops.ScatterAddAlong;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Rules for ops whose operands hold indices or must fit an equation. */
final class IndexRules {
  private final Growth growth;

  IndexRules(Growth growth) {
    this.growth = growth;
  }

  boolean grow() {
    return switch (growth.random.nextInt(6)) {
      case 0 -> gather();
      case 1 -> gatherAlong();
      case 2 -> scatterAdd();
      case 3 -> scatterAddAlong();
      case 4 -> growth.random.nextBoolean() ? oneHot() : iota();
      default -> einsum();
    };
  }

  private int axis(Value value) {
    return growth.random.nextInt(value.tensor().rank());
  }

  private int size(Value value, int axis) {
    return growth.array(value).shape()[axis];
  }

  /** Now and then an index out of range is drawn, which gives NaN. */
  private int limit(int size) {
    return growth.random.nextInt(8) == 0 ? size + 1 : size;
  }

  private List<Dim> withDim(List<Dim> shape, int axis, Dim dim) {
    List<Dim> changed = new ArrayList<>(shape);
    changed.set(axis, dim);
    return changed;
  }

  private boolean gather() {
    Value x = growth.floating(1);
    int axis = axis(x);
    if (size(x, axis) == 0) {
      return false;
    }
    Value index = growth.indices(growth.shape(1 + growth.random.nextInt(2)), limit(size(x, axis)));
    return growth.keep(List.of(Gather.of(growth.builder, x, index, axis)));
  }

  private boolean gatherAlong() {
    Value x = growth.floating(1);
    int axis = axis(x);
    if (size(x, axis) == 0) {
      return false;
    }
    List<Dim> shape = withDim(x.tensor().shape(), axis, growth.shape(2).get(0));
    Value index = growth.indices(shape, limit(size(x, axis)));
    return growth.keep(List.of(GatherAlong.of(growth.builder, x, index, axis)));
  }

  private boolean scatterAdd() {
    Value updates = growth.floating(1);
    int axis = axis(updates);
    int size = 1 + growth.random.nextInt(7);
    Value index = growth.indices(List.of(updates.tensor().dim(axis)), size);
    Dim dim = Dim.constant(size);
    return growth.keep(List.of(ScatterAdd.of(growth.builder, updates, index, dim, axis)));
  }

  private boolean scatterAddAlong() {
    Value updates = growth.floating(1);
    int size = 1 + growth.random.nextInt(7);
    Value index = growth.indices(updates.tensor().shape(), size);
    Dim dim = Dim.constant(size);
    return growth.keep(
        List.of(ScatterAddAlong.of(growth.builder, updates, index, dim, axis(updates))));
  }

  private boolean oneHot() {
    int depth = 1 + growth.random.nextInt(7);
    Value index = growth.indices(growth.shape(growth.random.nextInt(3)), depth + 1);
    return growth.keep(
        List.of(OneHot.of(growth.builder, index, Dim.constant(depth), growth.dtype)));
  }

  private boolean iota() {
    List<Dim> shape = growth.shape(1 + growth.random.nextInt(2));
    int axis = growth.random.nextInt(shape.size());
    DType dtype = growth.random.nextBoolean() ? DType.I32 : growth.dtype;
    return growth.keep(List.of(Iota.of(growth.builder, dtype, shape, axis)));
  }

  /** An operand of rank 2 with a new one in one of the common forms. */
  private boolean einsum() {
    Value x = growth.pick(v -> v.tensor().dtype() == growth.dtype && v.tensor().rank() == 2);
    if (x == null) {
      return false;
    }
    Dim a = x.tensor().dim(0);
    Dim b = x.tensor().dim(1);
    Dim c = growth.shape(2).get(0);
    return switch (growth.random.nextInt(5)) {
      case 0 -> einsum("ab,bc->ac", x, List.of(b, c));
      case 1 -> einsum("ab,cb->ca", x, List.of(c, b));
      case 2 -> einsum("ab,ab->a", x, List.of(a, b));
      case 3 -> einsum("ab,cab->cb", x, List.of(c, a, b));
      default -> einsum("ab,ca->cba", x, List.of(c, a));
    };
  }

  private boolean einsum(String equation, Value x, List<Dim> shape) {
    Value other = growth.input(growth.dtype, shape);
    return growth.keep(List.of(Einsum.of(growth.builder, equation, x, other)));
  }
}
