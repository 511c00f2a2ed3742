package org.modelc.runtime.metrics;

/**
 * Of the rows predicted to be of a class, the share that is. See {@link ClassAverage} for several
 * classes.
 */
final class Precision extends ClassAverage {
  @Override
  public String name() {
    return "precision";
  }

  @Override
  public String doc() {
    return "share of rows predicted positive that are";
  }

  @Override
  double of(double hits, double predicted, double actual) {
    return share(hits, predicted);
  }
}
