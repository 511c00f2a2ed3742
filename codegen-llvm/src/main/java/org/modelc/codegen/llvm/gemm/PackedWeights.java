package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.CollapsedNest;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.KernelProgram.Parameter;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Moves the packing of weights out of a program that reads parameters and leaves them as they are:
 * products read panels, which another program makes once, when parameters are loaded or change.
 */
public final class PackedWeights {
  private static final Set<Role> FIXED = Set.of(Role.PARAMETER, Role.STATE, Role.CONSTANT);

  /** Columns below which vectors would be empty for the most part; the same for all levels. */
  private static final long FEWEST_COLUMNS = 8;

  private final KernelProgram program;
  private final TargetDescription target;
  private final Map<String, Parameter> fixed = new LinkedHashMap<>();
  private final Map<Key, PackedPanels> panels = new LinkedHashMap<>();
  private final List<Parameter> made = new ArrayList<>();
  private final List<LoopNest> packing = new ArrayList<>();
  private final IntegerWeights integers;

  private PackedWeights(KernelProgram program, TargetDescription target) {
    this.program = program;
    this.target = target;
    program.parameters().stream()
        .filter(parameter -> FIXED.contains(parameter.role()))
        .forEach(parameter -> fixed.put(parameter.buffer().name(), parameter));
    program.aliases().forEach(this::addView);
    this.integers = new IntegerWeights(program, target, fixed);
  }

  private void addView(Buffer view, Buffer storage) {
    Parameter parameter = fixed.get(storage.name());
    if (parameter != null) {
      fixed.put(view.name(), parameter);
    }
  }

  /** What is packed: a factor of this place in a parameter. */
  private record Key(String parameter, Dim offset, Dim step, Dim column, PackedPanels.Size size) {}

  /**
   * A program in two.
   *
   * @param packing the kernels that make panels
   * @param sources the parameters and constants that they read
   * @param panels what they make, as constants of the program
   * @param main the program that reads panels
   */
  public record Split(
      List<LoopNest> packing, List<Parameter> sources, List<Parameter> panels, KernelProgram main) {
    public Split {
      packing = List.copyOf(packing);
      sources = List.copyOf(sources);
      panels = List.copyOf(panels);
    }
  }

  /** Splits a program; null if it has nothing to pack. */
  public static Split of(KernelProgram program, TargetDescription target) {
    boolean updates = program.parameters().stream().anyMatch(each -> each.updates() != null);
    return updates ? null : new PackedWeights(program, target).split();
  }

  private Split split() {
    List<Kernel> kernels = withoutUnread(program.kernels().stream().map(this::packed).toList());
    made.addAll(integers.made());
    packing.addAll(integers.packing());
    if (made.isEmpty()) {
      return null;
    }
    Set<String> read =
        kernels.stream()
            .flatMap(kernel -> kernel.reads().stream())
            .map(buffer -> fixed.get(buffer.name()))
            .filter(java.util.Objects::nonNull)
            .map(Parameter::name)
            .collect(Collectors.toSet());
    List<Parameter> parameters = new ArrayList<>();
    for (Parameter parameter : program.parameters()) {
      if (!FIXED.contains(parameter.role()) || read.contains(parameter.name())) {
        parameters.add(parameter);
      }
    }
    parameters.addAll(made);
    Set<String> packed = panels.keySet().stream().map(Key::parameter).collect(Collectors.toSet());
    packed.addAll(integers.sources());
    List<Parameter> sources =
        program.parameters().stream().filter(each -> packed.contains(each.name())).toList();
    return new Split(packing, sources, made, main(kernels, parameters));
  }

  /** Without those that unpacked what is packed now. */
  private List<Kernel> withoutUnread(List<Kernel> kernels) {
    Set<String> read = new HashSet<>();
    kernels.forEach(kernel -> kernel.reads().forEach(buffer -> read.add(buffer.name())));
    program.aliases().keySet().stream()
        .filter(view -> read.contains(view.name()))
        .forEach(view -> read.add(program.aliases().get(view).name()));
    Set<String> unread =
        program.temporaries().stream()
            .map(Buffer::name)
            .filter(name -> !read.contains(name))
            .collect(Collectors.toSet());
    return kernels.stream()
        .filter(kernel -> !kernel.writes().stream().map(Buffer::name).allMatch(unread::contains))
        .toList();
  }

  private KernelProgram main(List<Kernel> kernels, List<Parameter> parameters) {
    Set<Buffer> left = parameters.stream().map(Parameter::buffer).collect(Collectors.toSet());
    Map<Buffer, Buffer> aliases = new LinkedHashMap<>();
    program
        .aliases()
        .forEach(
            (view, storage) -> {
              boolean gone = fixed.containsKey(storage.name()) && !left.contains(storage);
              if (!gone) {
                aliases.put(view, storage);
              }
            });
    return new KernelProgram(
        program.name(),
        program.dims(),
        program.bounds(),
        parameters,
        program.temporaries(),
        aliases,
        program.literals(),
        kernels,
        program.plan());
  }

  private Kernel packed(Kernel kernel) {
    if (!(kernel instanceof LoopNest given)
        || given.reductions().size() != 1
        || DepthwiseTemplate.takes(given)
        || WindowTemplate.takes(given)
        || InnerProductTemplate.takes(given, target)) {
      return kernel;
    }
    LoopNest nest = CollapsedNest.of(given);
    LoopNest windows = integers.window(nest);
    LoopNest ofIntegers = windows == null ? integers.packed(nest) : windows;
    LoopNest rewritten = ofIntegers == null ? integers.widened(nest) : ofIntegers;
    if (rewritten != null) {
      return rewritten;
    }
    for (Contraction product : Contraction.readings(nest)) {
      PackedPanels right = panels(product);
      if (right != null) {
        return reading(product, right);
      }
    }
    return kernel;
  }

  /** The nest of a product, reading its right factor from panels. */
  private static LoopNest reading(Contraction product, PackedPanels right) {
    LoopNest nest = product.nest();
    LoopNest.Reduction sum = nest.reductions().get(0);
    Expr element = right.element(product.columns().get(0), nest.reduce().get(0));
    Expr body = ExprWalk.rewrite(sum.body(), expr -> expr.equals(product.right()) ? element : expr);
    LoopNest.Reduction reduction = new LoopNest.Reduction(sum.combiner(), sum.initial(), body);
    return new LoopNest(
        nest.name(),
        nest.parallel(),
        nest.reduce(),
        List.of(reduction),
        nest.stores(),
        nest.origin());
  }

  /** The panels of a product's right factor; null if it is not one to pack. */
  private PackedPanels panels(Contraction product) {
    AffineIndex place = product.place(product.right());
    List<Axis> inner = product.nest().reduce();
    if (place == null || product.columns().size() != 1 || inner.size() != 1) {
      return null;
    }
    Axis column = product.columns().get(0);
    Axis step = inner.get(0);
    Parameter source = fixed.get(((Expr.Load) product.right()).buffer().name());
    int width = RegisterTile.of(target, product.dtype()).columns();
    boolean alone = Set.of(column.name(), step.name()).containsAll(place.coefficients().keySet());
    boolean known = column.extent().isStatic() && step.extent().isStatic();
    if (source == null || !alone || !known || column.extent().value() < FEWEST_COLUMNS) {
      return null;
    }
    PackedPanels.Size size =
        new PackedPanels.Size(column.extent().value(), step.extent().value(), width);
    Key key =
        new Key(
            source.name(),
            place.offset(),
            place.coefficient(step.name()),
            place.coefficient(column.name()),
            size);
    return panels.computeIfAbsent(key, absent -> pack(absent, source));
  }

  private PackedPanels pack(Key key, Parameter source) {
    String name = program.name() + ".packed." + made.size() + "." + source.buffer().name();
    PackedPanels result = PackedPanels.of(name, source.buffer().dtype(), key.size);
    made.add(new Parameter(result.buffer(), Role.CONSTANT, null));
    packing.add(nest(key, source.buffer(), result.buffer()));
    return result;
  }

  /** The nest that fills panels. */
  private static LoopNest nest(Key key, Buffer source, Buffer panels) {
    Axis panel = new Axis("panel", panels.shape().get(0));
    Axis step = new Axis("step", panels.shape().get(1));
    Axis place = new Axis("place", panels.shape().get(2));
    Expr column = panel.variable().times(Expr.integer(key.size.width())).plus(place.variable());
    Expr position =
        term(column, key.column).plus(term(step.variable(), key.step)).plus(Expr.size(key.offset));
    Buffer flat = new Buffer(source.name(), source.dtype(), List.of(source.size()));
    Expr element = new Expr.Load(flat, List.of(position));
    Expr inside = Expr.apply(ScalarOp.LESS, column, Expr.integer(key.size.columns()));
    Expr zero = Expr.constant(source.dtype(), 0);
    boolean whole = key.size.columns() % key.size.width() == 0;
    Expr value = whole ? element : Expr.select(inside, element, zero);
    List<Axis> axes = List.of(panel, step, place);
    List<Expr> index = List.of(panel.variable(), step.variable(), place.variable());
    LoopNest.Store store = new LoopNest.Store(panels, index, value);
    return new LoopNest(panels.name(), axes, List.of(), List.of(), List.of(store), List.of());
  }

  private static Expr term(Expr variable, Dim coefficient) {
    return variable.times(Expr.size(coefficient));
  }
}
