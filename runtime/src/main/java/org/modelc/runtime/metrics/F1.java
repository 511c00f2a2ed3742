package org.modelc.runtime.metrics;

/** The harmonic mean of precision and recall. See {@link ClassAverage} for several classes. */
final class F1 extends ClassAverage {
  @Override
  public String name() {
    return "f1";
  }

  @Override
  public String doc() {
    return "harmonic mean of precision and recall";
  }

  @Override
  double of(double hits, double predicted, double actual) {
    return share(2 * hits, predicted + actual);
  }
}
