package org.modelc.compiler.report;

import java.util.List;
import java.util.Map;
import org.modelc.compiler.compress.CompressionTable;

/**
 * What a report shows. The page's script draws from this record's JSON, so component names are the
 * script's field names.
 *
 * @param model the model's name
 * @param doc its doc comment, or empty
 * @param summary facts in a row: rows, parameters, seconds, file names
 * @param metrics metrics by split and measure
 * @param baselines the best constant predictor's value of the same
 * @param requirements what had to hold
 * @param warnings what the training warned of
 * @param epochs one entry an epoch
 * @param confusion counts for a classifier; null for others
 * @param residuals predictions against targets for a regression; null for others
 * @param inputs distributions of the inputs over training rows
 * @param layers parameters by layer
 * @param graphSvg the model's graph as an SVG element
 * @param memory workspace by program
 * @param folds cross-validation by measure: the value of each fold; empty without folds
 * @param compression the model before and after its compress block; null without one
 */
public record ReportData(
    String model,
    String doc,
    Map<String, String> summary,
    Map<String, Map<String, Double>> metrics,
    Map<String, Map<String, Double>> baselines,
    List<Requirement> requirements,
    List<String> warnings,
    List<Epoch> epochs,
    Confusion confusion,
    Residuals residuals,
    List<Distribution> inputs,
    List<Layer> layers,
    String graphSvg,
    List<Memory> memory,
    Map<String, List<Double>> folds,
    CompressionTable compression) {

  /** A requirement with the value that was measured. */
  public record Requirement(String name, String text, double limit, double value, boolean met) {}

  /**
   * One pass over the training rows.
   *
   * @param epoch its number, from 1
   * @param loss the mean training loss
   * @param rate the learning rate of the last step
   * @param seconds how long it took
   * @param samplesPerSecond training rows a second
   * @param validation measures on validation rows, {@code loss} among them; empty without such rows
   * @param gradientNorms L2 norm of the loss's gradient by parameter, after the last step
   */
  public record Epoch(
      int epoch,
      double loss,
      double rate,
      double seconds,
      double samplesPerSecond,
      Map<String, Double> validation,
      Map<String, Double> gradientNorms) {}

  /** Counts by actual (outer) and predicted (inner) class, of the named split. */
  public record Confusion(String split, List<String> labels, long[][] counts) {}

  /**
   * Predictions and targets of the named split, in the same order; a sample when there are many.
   */
  public record Residuals(String split, double[] predicted, double[] actual) {}

  /**
   * How an input's values are distributed.
   *
   * @param bins what the bars are called: ranges or categories
   * @param counts training rows in each
   * @param missing training rows without a value
   */
  public record Distribution(String name, List<String> bins, long[] counts, long missing) {}

  /** A parameter tensor, grouped by layer: its path without the last part. */
  public record Layer(String layer, String parameter, String shape, long count) {}

  /** The workspace of a program: as a formula in its dynamic dims, and at the recipe's batch. */
  public record Memory(String program, String formula, long bytes) {}
}
