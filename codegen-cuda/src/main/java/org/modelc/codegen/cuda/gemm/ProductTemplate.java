package org.modelc.codegen.cuda.gemm;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.codegen.cuda.emit.Phase;
import org.modelc.codegen.cuda.emit.Points;
import org.modelc.codegen.cuda.emit.ProgramWriter;
import org.modelc.codegen.cuda.emit.Template;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.CollapsedNest;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ProductReading;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Products of floats through tiles in shared memory. Factors are any expressions of their axes, so
 * a convolution is one too: its windows are read as the rows of a matrix that nobody writes.
 */
public final class ProductTemplate implements Template {
  /** For a dim that is known only at a call: a small batch, so that small ones fill a device. */
  private static final long ASSUMED_EXTENT = 16;

  /** Fewer rows, columns or steps leave most of a tile empty. */
  private static final double LEAST = 8;

  @Override
  public List<Phase> phases(LoopNest nest, ProgramWriter program) {
    LoopNest collapsed = CollapsedNest.of(nest);
    return ProductReading.of(collapsed).stream()
        .filter(ProductTemplate::fits)
        .max(Comparator.comparingDouble(ProductTemplate::worth))
        .map(reading -> write(reading, program))
        .orElse(null);
  }

  @Override
  public boolean takes(LoopNest nest) {
    return ProductReading.of(CollapsedNest.of(nest)).stream().anyMatch(ProductTemplate::fits);
  }

  private static List<Phase> write(ProductReading reading, ProgramWriter program) {
    MatrixUnit unit = MatrixUnit.of(reading, program.target());
    double rows = size(reading.rows());
    double columns = size(reading.columns());
    double batches = size(reading.batch());
    double steps = size(reading.nest().reduce());
    if (unit != null && columns > ProductTile.FEW) {
      TensorTile tile = TensorTile.of(rows, columns, batches);
      int parts = SplitSum.parts(tile.blocks(rows, columns, batches), steps);
      return TensorProductWriter.write(reading, unit, tile, parts, program);
    }
    DType dtype = reading.nest().reductions().get(0).dtype();
    ProductTile tile = ProductTile.of(rows, columns, dtype);
    double blocks = Math.ceil(rows / tile.rows()) * Math.ceil(columns / tile.columns()) * batches;
    return ProductWriter.write(reading, tile, SplitSum.parts(blocks, steps), program);
  }

  private static boolean fits(ProductReading reading) {
    DType dtype = reading.nest().reductions().get(0).dtype();
    boolean isSummed = dtype == DType.F32 || dtype == DType.F64 || isOfBytes(reading);
    return isSummed
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

  private static boolean isOfBytes(ProductReading reading) {
    return MatrixUnit.bytes(reading.left()) != null && MatrixUnit.bytes(reading.right()) != null;
  }

  private static double size(List<Axis> axes) {
    Dim size = Points.count(axes);
    Map<String, Long> assumed = new HashMap<>();
    size.symbols().forEach(symbol -> assumed.put(symbol, ASSUMED_EXTENT));
    return size.evaluate(assumed);
  }
}
