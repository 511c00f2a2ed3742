package org.modelc.compiler.compress;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.Node;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.ops.Matmul;
import org.modelc.passes.compress.SparseWeight;
import org.modelc.passes.compress.Storage;
import org.modelc.passes.compress.WeightSite;
import org.modelc.runtime.spec.DType;

/**
 * Which matrices are stored without their zeros: those with which products are faster so. What a
 * place of the sparse matrix costs in places of the dense one was measured ({@code
 * SparseBenchmark}, docs/decisions/0400).
 */
final class SparseChoice {
  /** What a place of a sparse matrix costs in time, in elements of a dense one. */
  private static final double PLACE = 4;

  /**
   * Bytes of a dense weight below which a core's second cache may hold it: for a call with one row
   * it is then read as fast as places are gathered.
   */
  private static final long SMALL = 2 << 20;

  private static final double PLACE_OF_SMALL = 7;

  private SparseChoice() {}

  /** The storages of weights that only products of matrices read and that are sparse enough. */
  static Map<String, Storage> of(
      List<Graph> programs, Map<String, WeightSite> sites, Map<String, Array> values) {
    Map<String, Storage> chosen = new LinkedHashMap<>();
    for (WeightSite site : sites.values()) {
      Array value = values.get(site.parameter());
      boolean matrix = value.rank() == 2 && value.dtype() == DType.F32 && site.axis() == 1;
      if (matrix && programs.stream().allMatch(program -> isMultiplied(program, site))) {
        SparseWeight sparse = SparseWeight.of(value);
        if (wins(value, sparse)) {
          chosen.put(site.parameter(), sparse.storage());
        }
      }
    }
    return chosen;
  }

  private static boolean wins(Array value, SparseWeight sparse) {
    long bytes = (long) value.size() * DType.F32.bytes();
    double place = bytes < SMALL ? PLACE_OF_SMALL : PLACE;
    return sparse.values().size() > 0 && sparse.values().size() * place < value.size();
  }

  /** Whether a program reads a weight by nothing but products of matrices. */
  private static boolean isMultiplied(Graph program, WeightSite site) {
    for (Graph.Input input : program.inputs()) {
      if (input.name().equals(site.parameter())) {
        for (Node node : program.nodes()) {
          boolean product = node.op() instanceof Matmul && node.operand(0) != input.value();
          if (node.operands().contains(input.value()) && !product) {
            return false;
          }
        }
        boolean isResult =
            program.outputs().stream().anyMatch(output -> output.value() == input.value());
        if (isResult) {
          return false;
        }
      }
    }
    return true;
  }
}
