package org.modelc.passes.compress;

import org.modelc.ir.interpreter.Array;
import org.modelc.runtime.spec.DType;

/**
 * Two matrices whose product is nearly a third: the best of their rank (Eckart and Young, 1936).
 * Both have the root of the singular values, so that neither is much larger than the other when it
 * is made of integers.
 *
 * @param left f32[rows, rank]
 * @param right f32[rank, columns]
 * @param error {@code ‖W − left × right‖ / ‖W‖}, by Frobenius norms; 0 for a matrix of zeros
 */
public record LowRankFactors(Array left, Array right, double error) {
  /**
   * The factors of the least rank that are near enough.
   *
   * @param weight a matrix of finite elements
   * @param most the greatest error
   */
  public static LowRankFactors of(Array weight, double most) {
    int rows = weight.shape()[0];
    int columns = weight.shape()[1];
    boolean wide = columns > rows;
    SingularValues found = SingularValues.of(columns(weight, wide));
    int rank = rank(found.values(), most);
    Array left = Array.zeros(DType.F32, rows, rank);
    Array right = Array.zeros(DType.F32, rank, columns);
    double[][] rowsOf = wide ? found.right() : found.left();
    double[][] columnsOf = wide ? found.left() : found.right();
    for (int k = 0; k < rank; k++) {
      double root = Math.sqrt(found.values()[k]);
      for (int i = 0; i < rows; i++) {
        left.set((float) (root * rowsOf[k][i]), i, k);
      }
      for (int j = 0; j < columns; j++) {
        right.set((float) (root * columnsOf[k][j]), k, j);
      }
    }
    double whole = tail(found.values(), 0);
    return new LowRankFactors(left, right, whole == 0 ? 0 : tail(found.values(), rank) / whole);
  }

  public int rank() {
    return left.shape()[1];
  }

  /** Whether two products with them take fewer multiply-adds than one with the matrix. */
  public boolean savesWork() {
    long rows = left.shape()[0];
    long columns = right.shape()[1];
    return rank() * (rows + columns) < rows * columns;
  }

  private static int rank(double[] values, double most) {
    double allowed = most * tail(values, 0);
    int rank = 1;
    while (rank < values.length && tail(values, rank) > allowed) {
      rank++;
    }
    return rank;
  }

  /** The norm of what is left out from a singular value on. */
  private static double tail(double[] values, int from) {
    double sum = 0;
    for (int i = from; i < values.length; i++) {
      sum += values[i] * values[i];
    }
    return Math.sqrt(sum);
  }

  /** The columns of the matrix, or of its transpose where that has fewer. */
  private static double[][] columns(Array weight, boolean wide) {
    int rows = weight.shape()[0];
    int columns = weight.shape()[1];
    double[][] vectors = wide ? new double[rows][columns] : new double[columns][rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        vectors[wide ? i : j][wide ? j : i] = weight.at(i, j);
      }
    }
    return vectors;
  }
}
