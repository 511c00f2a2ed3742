package org.modelc.codegen.cuda.gemm;

import java.util.Comparator;
import java.util.List;
import org.modelc.codegen.cuda.emit.Phase;
import org.modelc.codegen.cuda.emit.ProgramWriter;
import org.modelc.codegen.cuda.emit.Template;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.CollapsedNest;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ProductReading;
import org.modelc.runtime.spec.DType;

/**
 * Products of floats through tiles in shared memory. Factors are any expressions of their axes, so
 * a convolution is one too: its windows are read as the rows of a matrix that nobody writes.
 */
public final class ProductTemplate implements Template {
  /** For a dim that is known only at a call. */
  private static final double ASSUMED_EXTENT = 64;

  /** Fewer rows, columns or steps leave most of a tile empty. */
  private static final double LEAST = 8;

  @Override
  public List<Phase> phases(LoopNest nest, ProgramWriter program) {
    LoopNest collapsed = CollapsedNest.of(nest);
    return ProductReading.of(collapsed).stream()
        .filter(ProductTemplate::fits)
        .max(Comparator.comparingDouble(ProductTemplate::worth))
        .map(reading -> List.of(write(reading, program)))
        .orElse(null);
  }

  private static Phase write(ProductReading reading, ProgramWriter program) {
    boolean hasTensorCores = program.target().architecture() >= TensorProductWriter.ARCHITECTURE;
    boolean isHalf =
        TensorProductWriter.isHalf(reading.left()) && TensorProductWriter.isHalf(reading.right());
    return hasTensorCores && isHalf
        ? TensorProductWriter.write(reading, program)
        : ProductWriter.write(reading, tile(reading), program);
  }

  private static boolean fits(ProductReading reading) {
    DType dtype = reading.nest().reductions().get(0).dtype();
    boolean isFloat = dtype == DType.F32 || dtype == DType.F64;
    return isFloat
        && reading.left().dtype() == dtype
        && reading.right().dtype() == dtype
        && size(reading.rows()) >= LEAST
        && size(reading.columns()) >= LEAST
        && size(reading.nest().reduce()) >= LEAST;
  }

  /** More columns than a narrow tile has are read less often; then fewer batches are better. */
  private static double worth(ProductReading reading) {
    double sides = Math.min(size(reading.rows()), size(reading.columns()));
    boolean isOrdered = reading.rows().get(0).equals(reading.nest().parallel().get(0));
    return 2 * sides / size(reading.batch()) + (isOrdered ? 1e-6 : 0);
  }

  private static ProductTile tile(ProductReading reading) {
    DType dtype = reading.nest().reductions().get(0).dtype();
    return ProductTile.of(size(reading.rows()), size(reading.columns()), dtype);
  }

  private static double size(List<Axis> axes) {
    double size = 1;
    for (Axis axis : axes) {
      size *= axis.extent().isStatic() ? axis.extent().value() : ASSUMED_EXTENT;
    }
    return size;
  }
}
