package org.modelc.runtime.metrics;

/** A measure of how well results fit the truth. */
public interface Metric {
  /** The name in the language. */
  String name();

  /** One sentence for the reference page. */
  String doc();

  /** Whether larger values are better. */
  boolean higherIsBetter();

  /**
   * The metric's value.
   *
   * @throws MetricException if the input is of another kind than the metric measures
   */
  double value(MetricInput input);

  /**
   * The value of the best predictor that knows the targets' distribution on these rows but gives
   * every row the same result. A model that is no better has learned nothing.
   */
  double baseline(MetricInput input);

  /**
   * Whether being no better than the baseline is worth a warning; not so for recall, in which a
   * constant predictor is perfect.
   */
  default boolean baselineIsMeaningful() {
    return true;
  }
}
