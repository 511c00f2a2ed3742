package org.modelc.conformance.models;

/**
 * Ridge and logistic regression with an unpenalised constant, solved to convergence: the opponents
 * that models have to beat. The penalty is λ/2·‖w‖² on the sum of losses, λ = 1, as scikit-learn's
 * defaults have it (Ridge(alpha=1), LogisticRegression(C=1)).
 */
final class LinearModel {
  private static final double LAMBDA = 1;
  private static final int NEWTON_STEPS = 30;

  private final double[] weights;

  private LinearModel(double[] weights) {
    this.weights = weights;
  }

  /**
   * Least squares.
   *
   * @param features row-major, width a row
   */
  static LinearModel ridge(float[] features, int width, double[] targets) {
    double[] weights = new double[width + 1];
    step(features, width, targets, weights, false);
    return new LinearModel(weights);
  }

  /** Maximum likelihood of targets 0 and 1, by Newton's method. */
  static LinearModel logistic(float[] features, int width, double[] targets) {
    double[] weights = new double[width + 1];
    for (int i = 0; i < NEWTON_STEPS; i++) {
      step(features, width, targets, weights, true);
    }
    return new LinearModel(weights);
  }

  /** One Newton step; for least squares it is the solution. */
  private static void step(
      float[] features, int width, double[] targets, double[] weights, boolean logistic) {
    int size = width + 1;
    double[][] hessian = new double[size][size];
    double[] gradient = new double[size];
    for (int j = 0; j < width; j++) {
      hessian[j][j] = LAMBDA;
      gradient[j] = LAMBDA * weights[j];
    }
    double[] row = new double[size];
    for (int i = 0; i < targets.length; i++) {
      for (int j = 0; j < width; j++) {
        row[j] = features[i * width + j];
      }
      row[width] = 1;
      double score = dot(row, weights);
      double predicted = logistic ? 1 / (1 + Math.exp(-score)) : score;
      double curvature = logistic ? predicted * (1 - predicted) : 1;
      for (int j = 0; j < size; j++) {
        gradient[j] += (predicted - targets[i]) * row[j];
        for (int k = 0; k <= j; k++) {
          hessian[j][k] += curvature * row[j] * row[k];
        }
      }
    }
    double[] change = solve(hessian, gradient);
    for (int j = 0; j < size; j++) {
      weights[j] -= change[j];
    }
  }

  private static double dot(double[] left, double[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }

  /** Solves a·x = b for a positive definite a given by its lower triangle, by Cholesky. */
  private static double[] solve(double[][] a, double[] b) {
    int size = b.length;
    double[] x = b.clone();
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a[i][j];
        for (int k = 0; k < j; k++) {
          sum -= a[i][k] * a[j][k];
        }
        a[i][j] = i == j ? Math.sqrt(sum) : sum / a[j][j];
      }
    }
    for (int i = 0; i < size; i++) {
      for (int k = 0; k < i; k++) {
        x[i] -= a[i][k] * x[k];
      }
      x[i] /= a[i][i];
    }
    for (int i = size - 1; i >= 0; i--) {
      for (int k = i + 1; k < size; k++) {
        x[i] -= a[k][i] * x[k];
      }
      x[i] /= a[i][i];
    }
    return x;
  }

  /** The linear score of each row: the prediction of ridge, the log-odds of logistic regression. */
  double[] scores(float[] features, int width) {
    double[] scores = new double[features.length / width];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = weights[width];
      for (int j = 0; j < width; j++) {
        scores[i] += weights[j] * features[i * width + j];
      }
    }
    return scores;
  }
}
