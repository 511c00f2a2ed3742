package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.KernelProgram.Parameter;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ProductReading;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Moves the packing of weights of bytes out of a program. Where the instruction takes unsigned
 * bytes of the input, the product is rewritten to {@code Σ (q + 128) × w − 128 × Σw}, of which the
 * second sum is packed, too.
 */
final class IntegerWeights {
  private final String program;
  private final IntegerTile tile;
  private final Map<String, Parameter> fixed;
  private final Map<Key, Packed> packed = new LinkedHashMap<>();
  private final List<Parameter> made = new ArrayList<>();
  private final List<LoopNest> packing = new ArrayList<>();

  /**
   * @param fixed the parameters that do not change from call to call, by the names of their buffers
   */
  IntegerWeights(String program, TargetDescription target, Map<String, Parameter> fixed) {
    this.program = program;
    this.fixed = fixed;
    this.tile = IntegerTile.of(target, IntegerArithmetic.ofWeights(target.level()));
  }

  private record Key(
      Parameter source, Dim offset, Dim step, Dim column, long columns, long depth) {}

  /**
   * @param correction what is to be added to the sums of a column; null for nothing
   */
  private record Packed(IntegerPanels panels, Buffer correction) {}

  /** What is packed, as constants of the program. */
  List<Parameter> made() {
    return made;
  }

  /** The kernels that pack. */
  List<LoopNest> packing() {
    return packing;
  }

  /** The names of the parameters that are packed. */
  Set<String> sources() {
    return packed.keySet().stream().map(key -> key.source.name()).collect(Collectors.toSet());
  }

  /** The nest over packed weights; null if it is no product with any. */
  LoopNest packed(LoopNest nest) {
    for (ProductReading reading : ProductReading.of(nest)) {
      Packed weights = packed(reading);
      if (weights != null) {
        return rewritten(reading, weights);
      }
    }
    return null;
  }

  private Packed packed(ProductReading reading) {
    List<Axis> inner = reading.nest().reduce();
    if (reading.columns().size() != 1
        || inner.size() != 1
        || !(IntegerProduct.bytes(reading.right()) instanceof Expr.Load load)
        || IntegerProduct.bytes(reading.left()) == null
        || !IntegerProduct.sumsIntegers(reading.nest())) {
      return null;
    }
    Axis column = reading.columns().get(0);
    Axis step = inner.get(0);
    Parameter source = fixed.get(load.buffer().name());
    AffineIndex place = AffineIndex.flat(load.buffer(), load.index());
    boolean known = column.extent().isStatic() && step.extent().isStatic();
    if (source == null
        || place == null
        || !Set.of(column.name(), step.name()).containsAll(place.coefficients().keySet())
        || !known
        || step.extent().value() > IntegerProduct.LARGEST_DEPTH) {
      return null;
    }
    Key key =
        new Key(
            source,
            place.offset(),
            place.coefficient(step.name()),
            place.coefficient(column.name()),
            column.extent().value(),
            step.extent().value());
    return packed.computeIfAbsent(key, this::pack);
  }

  private Packed pack(Key key) {
    String name = program + ".packed.integers." + made.size() + "." + key.source.buffer().name();
    IntegerPanels panels = IntegerPanels.of(name, key.columns, key.depth, tile);
    add(panels.buffer(), panelNest(key, panels.buffer()));
    if (tile.arithmetic().offset == 0) {
      return new Packed(panels, null);
    }
    Buffer correction =
        new Buffer(name + ".correction", DType.I32, List.of(Dim.constant(key.columns)));
    add(correction, correctionNest(key, correction));
    return new Packed(panels, correction);
  }

  private void add(Buffer buffer, LoopNest nest) {
    made.add(new Parameter(buffer, Role.CONSTANT, null));
    packing.add(nest);
  }

  private static LoopNest panelNest(Key key, Buffer panels) {
    List<Axis> axes = new ArrayList<>();
    for (String name : List.of("panel", "group", "place", "step")) {
      axes.add(new Axis(name, panels.shape().get(axes.size())));
    }
    List<Expr> index = new ArrayList<>();
    axes.forEach(axis -> index.add(axis.variable()));
    Expr column = index.get(0).times(Expr.size(panels.shape().get(2))).plus(index.get(2));
    Expr step = index.get(1).times(Expr.size(panels.shape().get(3))).plus(index.get(3));
    Expr inside =
        Expr.apply(
            ScalarOp.AND,
            Expr.apply(ScalarOp.LESS, column, Expr.integer(key.columns)),
            Expr.apply(ScalarOp.LESS, step, Expr.integer(key.depth)));
    Expr value = Expr.select(inside, element(key, column, step), Expr.constant(DType.I8, 0));
    LoopNest.Store store = new LoopNest.Store(panels, index, value);
    return new LoopNest(panels.name(), axes, List.of(), List.of(), List.of(store), List.of());
  }

  private LoopNest correctionNest(Key key, Buffer correction) {
    Axis column = new Axis("column", Dim.constant(key.columns));
    Axis step = new Axis("step", Dim.constant(key.depth));
    Expr wide = Expr.cast(DType.I32, element(key, column.variable(), step.variable()));
    LoopNest.Reduction sum = new LoopNest.Reduction(Combiner.SUM, Expr.integer(0), wide);
    Expr value = LoopNest.reduced(0, DType.I32).times(Expr.integer(-tile.arithmetic().offset));
    return new LoopNest(
        correction.name(),
        List.of(column),
        List.of(step),
        List.of(sum),
        List.of(new LoopNest.Store(correction, List.of(column.variable()), value)),
        List.of());
  }

  private static Expr element(Key key, Expr column, Expr step) {
    Buffer source = key.source.buffer();
    Expr position =
        column
            .times(Expr.size(key.column))
            .plus(step.times(Expr.size(key.step)))
            .plus(Expr.size(key.offset));
    Buffer flat = new Buffer(source.name(), source.dtype(), List.of(source.size()));
    return new Expr.Load(flat, List.of(position));
  }

  private LoopNest rewritten(ProductReading reading, Packed weights) {
    LoopNest nest = reading.nest();
    Axis column = reading.columns().get(0);
    Expr element = weights.panels.element(column, nest.reduce().get(0));
    Expr left = IntegerProduct.withOffset(reading.left(), tile.arithmetic());
    LoopNest.Reduction sum =
        new LoopNest.Reduction(
            Combiner.SUM, Expr.integer(0), left.times(Expr.cast(DType.I32, element)));
    List<LoopNest.Store> stores = new ArrayList<>();
    for (LoopNest.Store store : nest.stores()) {
      Expr value = weights.correction == null ? store.value() : corrected(store, column, weights);
      stores.add(new LoopNest.Store(store.buffer(), store.index(), value));
    }
    return new LoopNest(
        nest.name(), nest.parallel(), nest.reduce(), List.of(sum), stores, nest.origin());
  }

  private static Expr corrected(LoopNest.Store store, Axis column, Packed weights) {
    Expr correction = new Expr.Load(weights.correction, List.of(column.variable()));
    return ExprWalk.rewrite(
        store.value(), expr -> expr instanceof Expr.Reduced ? expr.plus(correction) : expr);
  }
}
