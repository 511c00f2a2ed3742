package org.modelc.codegen.llvm.gemm;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.KernelProgram.Parameter;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Bytes that a program computes of one parameter alone: its elements, or halves of its bytes. */
final class StoredWeights {
  /** The parameters that do not change from call to call, by the names of their buffers. */
  private final Map<String, Parameter> fixed;

  /** Elementwise kernels over such parameters, by the names of their temporaries. */
  private final Map<String, LoopNest> unpacked = new HashMap<>();

  StoredWeights(KernelProgram program, Map<String, Parameter> fixed) {
    this.fixed = fixed;
    Set<String> temporaries = new HashSet<>();
    program.temporaries().forEach(buffer -> temporaries.add(buffer.name()));
    program.kernels().stream()
        .filter(kernel -> kernel instanceof LoopNest nest && isUnpacking(nest))
        .map(LoopNest.class::cast)
        .filter(nest -> temporaries.contains(nest.stores().get(0).buffer().name()))
        .forEach(nest -> unpacked.put(nest.stores().get(0).buffer().name(), nest));
  }

  private boolean isUnpacking(LoopNest nest) {
    if (!nest.reductions().isEmpty() || nest.stores().size() != 1) {
      return false;
    }
    LoopNest.Store store = nest.stores().get(0);
    boolean inOrder = store.index().equals(nest.parallel().stream().map(Axis::variable).toList());
    return inOrder
        && store.buffer().dtype() == DType.I8
        && nest.reads().stream().allMatch(buffer -> fixed.containsKey(buffer.name()));
  }

  /**
   * A weight's element.
   *
   * @param element over loads of the parameter
   */
  record Weight(Parameter source, Expr element) {}

  /** The weight that bytes are, if they depend on it and some variables alone; else null. */
  Weight weight(Expr bytes, Set<String> variables) {
    Expr inlined = ExprWalk.rewrite(bytes, this::inlined);
    Set<Buffer> loads = new HashSet<>();
    ExprWalk.loads(inlined, loads);
    Parameter source = loads.size() == 1 ? fixed.get(loads.iterator().next().name()) : null;
    if (source == null || !variables.containsAll(ExprWalk.variables(inlined))) {
      return null;
    }
    Expr element = ExprWalk.rewrite(inlined, expr -> ofParameter(expr, source));
    loads.clear();
    ExprWalk.loads(element, loads);
    boolean direct = loads.stream().allMatch(load -> load.name().equals(source.buffer().name()));
    return direct ? new Weight(source, element) : null;
  }

  private Expr inlined(Expr expr) {
    LoopNest nest = expr instanceof Expr.Load load ? unpacked.get(load.buffer().name()) : null;
    if (nest == null) {
      return expr;
    }
    Map<String, Expr> index = new HashMap<>();
    for (int i = 0; i < nest.parallel().size(); i++) {
      index.put(nest.parallel().get(i).name(), ((Expr.Load) expr).index().get(i));
    }
    return ExprWalk.substitute(nest.stores().get(0).value(), index);
  }

  /** A load of a view as one of the parameter itself, if its place is affine. */
  private static Expr ofParameter(Expr expr, Parameter source) {
    Buffer whole = source.buffer();
    if (!(expr instanceof Expr.Load load) || load.buffer().name().equals(whole.name())) {
      return expr;
    }
    AffineIndex place = AffineIndex.flat(load.buffer(), load.index());
    if (place == null) {
      return expr;
    }
    Expr position = Expr.size(place.offset());
    for (String name : new java.util.TreeSet<>(place.coefficients().keySet())) {
      Expr variable = new Axis(name, Dim.ONE).variable();
      position = position.plus(variable.times(Expr.size(place.coefficient(name))));
    }
    Buffer flat = new Buffer(whole.name(), whole.dtype(), List.of(whole.size()));
    return new Expr.Load(flat, List.of(position));
  }

  /**
   * For an element that is the half of a byte, the low one at even steps: that byte, with its
   * number where the step stood. Null for others.
   */
  static Expr bytesOfHalves(Expr element, Axis step) {
    Expr variable = step.variable();
    Expr pair = Expr.apply(ScalarOp.SHIFT_RIGHT, variable, Expr.integer(1));
    Set<Expr> found = new HashSet<>();
    ExprWalk.visit(
        element,
        expr -> {
          if (expr instanceof Expr.Load load && load.index().contains(pair)) {
            found.add(load);
          }
        });
    if (found.size() != 1) {
      return null;
    }
    Expr.Load whole = (Expr.Load) found.iterator().next();
    Expr numbered = ExprWalk.rewrite(whole, expr -> expr.equals(pair) ? variable : expr);
    return element.equals(IntegerPanels.half(whole, variable)) ? numbered : null;
  }
}
