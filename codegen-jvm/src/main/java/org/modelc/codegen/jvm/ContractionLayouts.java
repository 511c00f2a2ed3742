package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.LoopNest;

/**
 * Chooses the order of a temporary's axes for the one product that reads it: columns that lie side
 * by side are packed in copies, others element by element, which takes longer than the product. A
 * convolution's kernel gradient gains most: its columns are the places of a window in all channels,
 * its padded input is such a temporary, and with channels last a window's row is one copy.
 */
final class ContractionLayouts {
  /** Fewer elements side by side gain nothing over the order that was. */
  private static final int SHORTEST_RUN = 8;

  private final KernelProgram program;
  private final ProgramArrays arrays;
  private final List<Kernel> kernels;

  private ContractionLayouts(KernelProgram program, ProgramArrays arrays) {
    this.program = program;
    this.arrays = arrays;
    this.kernels = new ArrayList<>(program.kernels());
  }

  /** The program's kernels, with temporaries laid out for those that read them. */
  static List<Kernel> of(KernelProgram program, ProgramArrays arrays) {
    ContractionLayouts layouts = new ContractionLayouts(program, arrays);
    for (int i = 0; i < layouts.kernels.size(); i++) {
      if (layouts.kernels.get(i) instanceof LoopNest nest) {
        layouts.consider(nest, i);
      }
    }
    return layouts.kernels;
  }

  private void consider(LoopNest reader, int position) {
    Contraction product = Contraction.of(reader);
    if (product == null || product.isCopied() || UnitStride.index(product.right()) == null) {
      return;
    }
    Expr.Load load = (Expr.Load) product.right();
    int axis = columnAxis(load, product.columns());
    int writer = axis < 0 ? -1 : onlyWriter(load.buffer(), position);
    if (writer >= 0) {
      Turn turn = new Turn(load.buffer(), axis);
      kernels.set(writer, turn.stored((LoopNest) kernels.get(writer)));
      kernels.set(position, turn.loaded(reader));
    }
  }

  /** The longest axis of the buffer that a columns' axis runs along alone, or -1. */
  private static int columnAxis(Expr.Load load, List<Axis> columns) {
    int best = -1;
    long longest = SHORTEST_RUN - 1;
    for (int i = 0; i < load.index().size(); i++) {
      for (Axis column : columns) {
        boolean along = load.index().get(i).equals(column.variable());
        if (along && column.extent().isStatic() && column.extent().value() > longest) {
          best = i;
          longest = column.extent().value();
        }
      }
    }
    return best;
  }

  /**
   * The kernel that writes a temporary for one reader alone, point by point, from arrays other than
   * its own; or -1.
   */
  private int onlyWriter(Buffer buffer, int reader) {
    boolean viewed =
        !program.temporaries().contains(buffer)
            || program.literals().containsKey(buffer)
            || program.aliases().containsKey(buffer)
            || program.aliases().containsValue(buffer);
    int writer = -1;
    for (int i = 0; i < kernels.size() && !viewed; i++) {
      viewed = i != reader && kernels.get(i).reads().contains(buffer);
      if (kernels.get(i).writes().contains(buffer)) {
        viewed |= writer >= 0 || !writesPoints(kernels.get(i), buffer);
        writer = i;
      }
    }
    return viewed ? -1 : writer;
  }

  private boolean writesPoints(Kernel kernel, Buffer buffer) {
    int identity = arrays.placeOf(buffer);
    boolean apart = kernel.reads().stream().noneMatch(read -> arrays.placeOf(read) == identity);
    return apart && kernel instanceof LoopNest nest && nest.stores().size() == 1;
  }

  /** One axis of a buffer moved to the end. */
  private static final class Turn {
    private final Buffer buffer;
    private final Buffer turned;
    private final int axis;

    Turn(Buffer buffer, int axis) {
      this.buffer = buffer;
      this.axis = axis;
      this.turned = new Buffer(buffer.name(), buffer.dtype(), moved(buffer.shape()));
    }

    private <T> List<T> moved(List<T> parts) {
      List<T> moved = new ArrayList<>(parts);
      moved.add(moved.remove(axis));
      return moved;
    }

    LoopNest stored(LoopNest writer) {
      LoopNest.Store store = writer.stores().get(0);
      LoopNest.Store there = new LoopNest.Store(turned, moved(store.index()), store.value());
      return new LoopNest(
          writer.name(),
          inOrder(writer.parallel(), there.index()),
          writer.reduce(),
          writer.reductions(),
          List.of(there),
          writer.origin());
    }

    /** The axes in the order in which memory is written, as far as they stand alone there. */
    private static List<Axis> inOrder(List<Axis> axes, List<Expr> index) {
      List<Axis> last = new ArrayList<>();
      for (Expr part : index) {
        axes.stream().filter(axis -> part.equals(axis.variable())).forEach(last::add);
      }
      List<Axis> ordered = new ArrayList<>(axes);
      ordered.removeAll(last);
      ordered.addAll(last);
      return ordered;
    }

    LoopNest loaded(LoopNest reader) {
      Set<String> last = new HashSet<>();
      List<LoopNest.Reduction> reductions = new ArrayList<>();
      for (LoopNest.Reduction reduction : reader.reductions()) {
        Expr body = ExprWalk.rewrite(reduction.body(), expr -> turned(expr, last));
        reductions.add(new LoopNest.Reduction(reduction.combiner(), reduction.initial(), body));
      }
      List<Axis> parallel = new ArrayList<>(reader.parallel());
      List<Axis> columns = parallel.stream().filter(a -> last.contains(a.name())).toList();
      parallel.removeAll(columns);
      parallel.addAll(columns);
      return new LoopNest(
          reader.name(), parallel, reader.reduce(), reductions, reader.stores(), reader.origin());
    }

    /** Loads of the buffer with its axis last; notes the variable that runs along it. */
    private Expr turned(Expr expr, Set<String> last) {
      if (expr instanceof Expr.Load load && load.buffer().equals(buffer)) {
        last.add(((Expr.Var) load.index().get(axis)).name());
        return new Expr.Load(turned, moved(load.index()));
      }
      return expr;
    }
  }
}
