package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.KernelProgram.Parameter;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ProductReading;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Moves the packing of weights of few bits out of a program. Where an instruction takes the pixels
 * of a convolution unsigned, it is rewritten to {@code Σ (q + 128) × w − 128 × Σw}, of which the
 * second sum is made beforehand, too.
 */
final class IntegerWeights {
  private final String program;
  private final TargetDescription target;
  private final StoredWeights stored;
  private final Map<Key, IntegerPanels> packed = new LinkedHashMap<>();
  private final List<Parameter> made = new ArrayList<>();
  private final List<LoopNest> packing = new ArrayList<>();
  private final Set<String> windows = new HashSet<>();

  IntegerWeights(KernelProgram program, TargetDescription target, Map<String, Parameter> fixed) {
    this.program = program.name();
    this.target = target;
    this.stored = new StoredWeights(program, fixed);
  }

  /**
   * @param element of {@code column} and {@code step}; of nibbles, the byte of two steps
   */
  private record Key(
      Parameter source, Expr element, Axis column, Axis step, IntegerArithmetic arithmetic) {
    /** Bytes of a column. */
    long bytes() {
      long depth = step.extent().value();
      return arithmetic.hasNibbles() ? (depth + 1) / 2 : depth;
    }

    Expr at(Expr columnNumber, Expr place) {
      return ExprWalk.substitute(element, Map.of(column.name(), columnNumber, step.name(), place));
    }
  }

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
    Set<String> names = new HashSet<>(windows);
    packed.keySet().forEach(key -> names.add(key.source.name()));
    return names;
  }

  /** The nest over packed weights; null if it is no product with any. */
  LoopNest packed(LoopNest nest) {
    for (ProductReading reading : ProductReading.of(nest)) {
      Key key = key(reading);
      if (key != null) {
        return rewritten(reading, key, packed.computeIfAbsent(key, this::pack));
      }
    }
    return null;
  }

  /**
   * A convolution whose pixels an instruction takes unsigned; null for others, and where none does.
   * Its kernel is read as it lies.
   */
  LoopNest window(LoopNest nest) {
    if (!target.level().hasDotProducts()) {
      return null;
    }
    for (ProductReading reading : ProductReading.of(nest)) {
      IntegerWindow window = IntegerWindow.of(reading, target);
      Axis row = window == null ? null : reading.rows().get(0);
      Set<String> names = new HashSet<>();
      nest.reduce().forEach(axis -> names.add(axis.name()));
      if (window != null && names.add(row.name())) {
        Expr kernel = IntegerProduct.bytes(reading.left());
        StoredWeights.Weight weight = stored.weight(kernel, names);
        if (weight != null) {
          return offset(reading, weight, row);
        }
      }
    }
    return null;
  }

  /**
   * A convolution of floats over weights of floats that were made of stored integers, since its
   * template reads an element of the kernel for each line of pixels; null for others.
   */
  LoopNest widened(LoopNest nest) {
    if (!IntegerProduct.sumsFloats(nest)) {
      return null;
    }
    for (ProductReading reading : ProductReading.of(nest)) {
      Expr bytes = IntegerProduct.bytes(reading.left());
      List<Axis> axes = bytes == null ? List.of() : read(nest, bytes);
      Set<String> names = axes.stream().map(Axis::name).collect(Collectors.toSet());
      boolean known = !axes.isEmpty() && axes.stream().allMatch(axis -> axis.extent().isStatic());
      StoredWeights.Weight weight = known ? stored.weight(bytes, names) : null;
      LoopNest floats = weight == null ? null : overFloats(reading, weight, axes);
      if (floats != null) {
        return floats;
      }
    }
    return null;
  }

  private static List<Axis> read(LoopNest nest, Expr factor) {
    Set<String> names = ExprWalk.variables(factor);
    return Stream.concat(nest.parallel().stream(), nest.reduce().stream())
        .filter(axis -> names.contains(axis.name()))
        .toList();
  }

  private LoopNest overFloats(
      ProductReading reading, StoredWeights.Weight weight, List<Axis> axes) {
    String name = program + ".packed.floats." + made.size() + "." + weight.source().buffer().name();
    Buffer floats = new Buffer(name, DType.F32, axes.stream().map(Axis::extent).toList());
    List<Expr> place = new ArrayList<>();
    axes.forEach(axis -> place.add(axis.variable()));
    Expr element = new Expr.Load(floats, place);
    LoopNest.Reduction given = reading.nest().reductions().get(0);
    LoopNest.Reduction sum =
        new LoopNest.Reduction(Combiner.SUM, given.initial(), element.times(reading.right()));
    LoopNest result = withSum(reading.nest(), sum, reading.nest().stores());
    if (!WindowTemplate.takes(result) && reading.nest().reduce().size() == 1) {
      return null;
    }
    Expr wide = Expr.cast(DType.F32, Expr.cast(DType.I32, weight.element()));
    LoopNest.Store store = new LoopNest.Store(floats, place, wide);
    add(floats, new LoopNest(name, axes, List.of(), List.of(), List.of(store), List.of()));
    windows.add(weight.source().name());
    return result;
  }

  private LoopNest offset(ProductReading reading, StoredWeights.Weight weight, Axis row) {
    String name =
        program + ".packed.windows." + made.size() + "." + weight.source().buffer().name();
    Buffer correction = new Buffer(name, DType.I32, List.of(row.extent()));
    add(correction, sums(correction, weight.element(), row, reading.nest().reduce()));
    windows.add(weight.source().name());
    Expr pixels = IntegerWindow.withOffset(reading.right());
    LoopNest.Reduction sum =
        new LoopNest.Reduction(Combiner.SUM, Expr.integer(0), reading.left().times(pixels));
    return rewritten(reading.nest(), sum, correction, row);
  }

  private Key key(ProductReading reading) {
    LoopNest nest = reading.nest();
    Expr right = IntegerProduct.bytes(reading.right());
    boolean integers =
        IntegerProduct.sumsIntegers(nest) && IntegerProduct.bytes(reading.left()) != null;
    boolean single = reading.columns().size() == 1 && nest.reduce().size() == 1;
    if (right == null || !single || !(integers || IntegerProduct.sumsFloats(nest))) {
      return null;
    }
    Axis column = reading.columns().get(0);
    Axis step = nest.reduce().get(0);
    boolean known = column.extent().isStatic() && step.extent().isStatic();
    StoredWeights.Weight weight = stored.weight(right, Set.of(column.name(), step.name()));
    if (weight == null || !known || step.extent().value() > IntegerProduct.LARGEST_DEPTH) {
      return null;
    }
    Expr halves = StoredWeights.bytesOfHalves(weight.element(), step);
    long depth = step.extent().value();
    IntegerArithmetic best =
        integers
            ? IntegerArithmetic.ofWeights(target.level(), halves != null, depth)
            : IntegerArithmetic.ofFloats(target.level(), halves != null, depth);
    Expr element = best.hasNibbles() ? halves : weight.element();
    return new Key(weight.source(), element, column, step, best);
  }

  private IntegerPanels pack(Key key) {
    String name = program + ".packed.integers." + made.size() + "." + key.source.buffer().name();
    IntegerTile tile = IntegerTile.of(target, key.arithmetic);
    long columns = key.column.extent().value();
    IntegerPanels panels = IntegerPanels.of(name, columns, key.step.extent().value(), tile);
    add(panels.buffer(), panelNest(key, panels));
    return panels;
  }

  private void add(Buffer buffer, LoopNest nest) {
    made.add(new Parameter(buffer, Role.CONSTANT, null));
    packing.add(nest);
  }

  private static LoopNest panelNest(Key key, IntegerPanels made) {
    Buffer panels = made.buffer();
    List<Axis> axes = new ArrayList<>();
    for (String name : List.of("panel", "group", "place", "byte")) {
      axes.add(new Axis(name, panels.shape().get(axes.size())));
    }
    List<Expr> index = new ArrayList<>();
    axes.forEach(axis -> index.add(axis.variable()));
    Expr column = index.get(0).times(Expr.size(panels.shape().get(2))).plus(index.get(2));
    Expr place = index.get(1).times(Expr.size(panels.shape().get(3))).plus(index.get(3));
    Expr inside =
        Expr.apply(
            ScalarOp.AND,
            Expr.apply(ScalarOp.LESS, column, Expr.integer(key.column.extent().value())),
            Expr.apply(ScalarOp.LESS, place, Expr.integer(key.bytes())));
    Expr value =
        Expr.select(inside, made.stored(key.at(column, place)), Expr.constant(DType.I8, 0));
    LoopNest.Store store = new LoopNest.Store(panels, index, value);
    return new LoopNest(panels.name(), axes, List.of(), List.of(), List.of(store), List.of());
  }

  /** {@code −128 × Σw} for each channel. */
  private static LoopNest sums(Buffer result, Expr weight, Axis channel, List<Axis> inner) {
    Expr wide = Expr.cast(DType.I32, weight);
    LoopNest.Reduction sum = new LoopNest.Reduction(Combiner.SUM, Expr.integer(0), wide);
    Expr value = LoopNest.reduced(0, DType.I32).times(Expr.integer(-IntegerWindow.OFFSET));
    return new LoopNest(
        result.name(),
        List.of(channel),
        inner,
        List.of(sum),
        List.of(new LoopNest.Store(result, List.of(channel.variable()), value)),
        List.of());
  }

  private static LoopNest rewritten(ProductReading reading, Key key, IntegerPanels weights) {
    LoopNest.Reduction given = reading.nest().reductions().get(0);
    Expr element = Expr.cast(DType.I32, weights.element(key.column, key.step));
    Expr body = reading.left().times(Expr.cast(given.dtype(), element));
    LoopNest.Reduction sum = new LoopNest.Reduction(Combiner.SUM, given.initial(), body);
    return withSum(reading.nest(), sum, reading.nest().stores());
  }

  /**
   * @param correction what is to be added to the sums of a channel
   */
  private static LoopNest rewritten(
      LoopNest nest, LoopNest.Reduction sum, Buffer correction, Axis channel) {
    List<LoopNest.Store> stores = new ArrayList<>();
    for (LoopNest.Store store : nest.stores()) {
      Expr value = corrected(store, correction, channel);
      stores.add(new LoopNest.Store(store.buffer(), store.index(), value));
    }
    return withSum(nest, sum, stores);
  }

  private static LoopNest withSum(
      LoopNest nest, LoopNest.Reduction sum, List<LoopNest.Store> stores) {
    return new LoopNest(
        nest.name(), nest.parallel(), nest.reduce(), List.of(sum), stores, nest.origin());
  }

  private static Expr corrected(LoopNest.Store store, Buffer correction, Axis channel) {
    Expr added = new Expr.Load(correction, List.of(channel.variable()));
    return ExprWalk.rewrite(
        store.value(), expr -> expr instanceof Expr.Reduced ? expr.plus(added) : expr);
  }
}
