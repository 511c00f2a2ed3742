package org.modelc.codegen.cuda.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.cuda.emit.ExpressionWriter;
import org.modelc.codegen.cuda.emit.KernelFunction;
import org.modelc.codegen.cuda.emit.NestWriter;
import org.modelc.codegen.cuda.emit.Phase;
import org.modelc.codegen.cuda.emit.Points;
import org.modelc.codegen.cuda.emit.ProgramWriter;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.CollapsedNest;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ProductReading;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * A product with long sums and few elements, such as a weight's gradient: blocks sum parts of the
 * steps, then a second kernel adds the parts in order. How many there are depends on shapes alone.
 */
final class SplitSum {
  /** Parts begin at multiples of this, which all stages' depths divide. */
  private static final int ALIGNMENT = 64;

  /** Fewer steps are not worth a kernel of their own. */
  private static final double LEAST_STEPS = 256;

  /** One thread adds them up. */
  private static final int MOST_PARTS = 16;

  private final ProductReading reading;
  private final Axis part;
  private final Buffer sums;
  private final String begin;
  private final String end;

  SplitSum(ProductReading reading, int parts, KernelFunction function, ProgramWriter program) {
    this.reading = reading;
    this.part = new Axis("part", Dim.constant(parts));
    this.begin = function.fresh("first_of_part");
    this.end = function.fresh("end_of_part");
    List<Dim> shape = new ArrayList<>();
    axes().forEach(axis -> shape.add(axis.extent()));
    DType dtype = reading.nest().reductions().get(0).dtype();
    this.sums = program.buffers().workspace(reading.nest().name() + ".parts", dtype, shape);
  }

  /**
   * How many parts keep a device busy.
   *
   * @param blocks tiles of the result
   * @param steps of the sum
   */
  static int parts(double blocks, double steps) {
    int parts = 1;
    while (2 * parts * blocks <= 4 * TensorTile.ENOUGH_BLOCKS / 3
        && steps / (2 * parts) >= LEAST_STEPS
        && 2 * parts <= MOST_PARTS) {
      parts *= 2;
    }
    return parts;
  }

  int parts() {
    return part.extent().intValue();
  }

  private List<Axis> axes() {
    List<Axis> axes = new ArrayList<>(List.of(part));
    axes.addAll(reading.batch());
    axes.addAll(reading.rows());
    axes.addAll(reading.columns());
    return axes;
  }

  /** The axes that blocks are counted along: the part, then the batch. */
  List<Axis> batch() {
    List<Axis> axes = new ArrayList<>(List.of(part));
    axes.addAll(reading.batch());
    return axes;
  }

  String begin() {
    return begin;
  }

  String end() {
    return end;
  }

  /** Declares the bounds of the block's part. */
  void bounds(KernelFunction function) {
    String all = function.dim(Points.count(reading.nest().reduce()));
    String own = function.fresh("steps_of_part");
    int parts = parts();
    function
        .out()
        .line(
            "const unsigned $ = ($ + $u) / $u * $u;",
            own,
            all,
            parts * ALIGNMENT - 1,
            parts * ALIGNMENT,
            ALIGNMENT);
    String first = "(unsigned) " + function.variable(part.name()) + " * " + own;
    function.out().line("const unsigned $ = $;", begin, least(first, "(unsigned) " + all));
    String last = begin + " + " + own;
    function.out().line("const unsigned $ = $;", end, least(last, "(unsigned) " + all));
  }

  private static String least(String a, String b) {
    return a + " < " + b + " ? " + a + " : " + b;
  }

  /** The statement that keeps the sum of a part. */
  String store(KernelFunction function, String sum) {
    return new ExpressionWriter(function).store(sums, index(), sum);
  }

  private List<Expr> index() {
    return axes().stream().map(axis -> (Expr) axis.variable()).toList();
  }

  /** The kernel that adds the parts. */
  Phase join(ProgramWriter program) {
    LoopNest nest = reading.nest();
    LoopNest.Reduction whole = nest.reductions().get(0);
    LoopNest.Reduction join =
        new LoopNest.Reduction(Combiner.SUM, whole.initial(), new Expr.Load(sums, index()));
    LoopNest joined =
        new LoopNest(
            nest.name() + ".join",
            nest.parallel(),
            List.of(part),
            List.of(join),
            nest.stores(),
            nest.origin());
    return NestWriter.write(CollapsedNest.of(joined), program);
  }
}
