package org.modelc.passes.compress;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The singular value decomposition of a matrix, {@code A = U diag(s) Vᵀ}, by one-sided Jacobi
 * rotations (Hestenes, 1958; Demmel and Veselić, 1992): pairs of columns are turned until all are
 * orthogonal; their lengths are then the singular values. Slower than bidiagonalisation, but as
 * precise for small singular values, short, and with the same bits on every machine.
 *
 * @param left the columns of U, each of as many elements as A has rows; 0 where the value is 0
 * @param values from the greatest down, one a column of A
 * @param right the columns of V
 */
record SingularValues(double[][] left, double[] values, double[][] right) {
  private static final int MOST_SWEEPS = 60;
  private static final double ORTHOGONAL = 1e-14;

  /**
   * Decomposes a matrix.
   *
   * @param columns of the matrix, finite; fewest work if there are no more of them than rows
   */
  static SingularValues of(double[][] columns) {
    double[][] turned = Arrays.stream(columns).map(double[]::clone).toArray(double[][]::new);
    double[][] rotation = new double[columns.length][columns.length];
    for (int i = 0; i < columns.length; i++) {
      rotation[i][i] = 1;
    }
    boolean changed = true;
    for (int sweep = 0; changed && sweep < MOST_SWEEPS; sweep++) {
      changed = sweep(turned, rotation);
    }
    return sorted(turned, rotation);
  }

  /** Turns every pair of columns once. */
  private static boolean sweep(double[][] columns, double[][] rotation) {
    boolean changed = false;
    for (int i = 0; i < columns.length; i++) {
      for (int j = i + 1; j < columns.length; j++) {
        double first = dot(columns[i], columns[i]);
        double second = dot(columns[j], columns[j]);
        double both = dot(columns[i], columns[j]);
        if (Math.abs(both) > ORTHOGONAL * Math.sqrt(first) * Math.sqrt(second)) {
          double zeta = (second - first) / (2 * both);
          double tangent = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.hypot(1, zeta));
          double cosine = 1 / Math.hypot(1, tangent);
          turn(columns[i], columns[j], cosine, cosine * tangent);
          turn(rotation[i], rotation[j], cosine, cosine * tangent);
          changed = true;
        }
      }
    }
    return changed;
  }

  private static void turn(double[] first, double[] second, double cosine, double sine) {
    for (int i = 0; i < first.length; i++) {
      double old = first[i];
      first[i] = cosine * old - sine * second[i];
      second[i] = sine * old + cosine * second[i];
    }
  }

  private static double dot(double[] first, double[] second) {
    double sum = 0;
    for (int i = 0; i < first.length; i++) {
      sum += first[i] * second[i];
    }
    return sum;
  }

  private static SingularValues sorted(double[][] turned, double[][] rotation) {
    double[] lengths =
        Arrays.stream(turned).mapToDouble(each -> Math.sqrt(dot(each, each))).toArray();
    int[] order =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -lengths[i]))
            .mapToInt(i -> i)
            .toArray();
    double[][] left = new double[order.length][];
    double[][] right = new double[order.length][];
    double[] values = new double[order.length];
    for (int i = 0; i < order.length; i++) {
      double length = lengths[order[i]];
      values[i] = length;
      left[i] =
          Arrays.stream(turned[order[i]]).map(each -> length == 0 ? 0 : each / length).toArray();
      right[i] = rotation[order[i]];
    }
    return new SingularValues(left, values, right);
  }
}
