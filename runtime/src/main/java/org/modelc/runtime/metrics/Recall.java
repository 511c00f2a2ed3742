package org.modelc.runtime.metrics;

/**
 * Of the rows that are of a class, the share predicted to be. See {@link ClassAverage} for several
 * classes.
 */
final class Recall extends ClassAverage {
  @Override
  public String name() {
    return "recall";
  }

  @Override
  public String doc() {
    return "share of positive rows that are predicted so";
  }

  @Override
  double of(double hits, double predicted, double actual) {
    return share(hits, actual);
  }

  @Override
  public boolean baselineIsMeaningful() {
    return false;
  }
}
