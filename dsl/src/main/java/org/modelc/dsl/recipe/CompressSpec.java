package org.modelc.dsl.recipe;

import java.util.List;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.runtime.spec.RecipeSpec.RequirementSpec;

/**
 * A {@code compress} block: what the compiler does to a trained model. The runtime never sees it.
 *
 * @param model the model's name
 * @param prune in the order written; of two that name one parameter the later one counts
 * @param factorize in the order written; of two that name one parameter the later one counts
 * @param quantize in the order written; of two that name one parameter the later one counts
 * @param requirements what must hold of the compressed model
 */
public record CompressSpec(
    String model,
    List<PruneSpec> prune,
    List<FactorizeSpec> factorize,
    List<QuantizeSpec> quantize,
    List<RequirementSpec> requirements) {
  /** The comparison of a requirement on the difference to the uncompressed model. */
  public static final String WITHIN = "within";

  /** Copies the lists. */
  public CompressSpec {
    prune = List.copyOf(prune);
    factorize = List.copyOf(factorize);
    quantize = List.copyOf(quantize);
    requirements = List.copyOf(requirements);
  }

  /** What pruning takes away. */
  public enum Pruning {
    /** Channels, hidden units and heads: the model's tensors become smaller. */
    STRUCTURED,
    /** The smallest of all weights that are named become 0. */
    MAGNITUDE,
    /** The smallest of each weight that is named. */
    MAGNITUDE_OF_EACH,
    /** Of all weights that are named those that training moves towards 0. */
    MOVEMENT,
    /** Of each weight that is named. */
    MOVEMENT_OF_EACH,
    /** The smallest of so many neighbours that are summed. */
    N_OF_M
  }

  /**
   * {@code prune structured 0.4 over conv during 3 epochs}.
   *
   * @param share how much is taken away, above 0 and below 1
   * @param neighbours m of n:m; 0 for the other kinds
   * @param over binding-path patterns; empty for all weights
   * @param epochs how long the pruned model is trained; 0 for not at all
   * @param rewind whether what is left is trained from its first values
   */
  public record PruneSpec(
      Pruning kind,
      double share,
      int neighbours,
      List<String> over,
      int epochs,
      boolean rewind,
      SourceSpan span) {
    /** Copies the list. */
    public PruneSpec {
      over = List.copyOf(over);
    }

    /** Whether training says what goes, by where it moves weights. */
    public boolean byMovement() {
      return kind == Pruning.MOVEMENT || kind == Pruning.MOVEMENT_OF_EACH;
    }
  }

  /**
   * {@code factorize error 0.05 over dense during 3 epochs}.
   *
   * @param error the most that a product of two factors may be off, by Frobenius norms: {@code ‖W −
   *     UV‖ / ‖W‖}
   * @param over binding-path patterns; empty for all matrices
   * @param epochs how long the factors are trained; 0 for not at all
   */
  public record FactorizeSpec(double error, List<String> over, int epochs, SourceSpan span) {
    /** Copies the list. */
    public FactorizeSpec {
      over = List.copyOf(over);
    }
  }

  /** What is made of integers. */
  public enum Kind {
    /** Weights, and what they are multiplied with by ranges found beforehand. */
    FIXED,
    /** Weights, and what they are multiplied with by ranges found at each call. */
    DYNAMIC,
    /** The same with 16 bits for what they are multiplied with. */
    DYNAMIC_16,
    /** Weights alone. */
    WEIGHTS
  }

  /** The element types that parameters are stored in. */
  public enum Type {
    INT8,
    INT4,
    F16,
    BF16,
    /** For each parameter f32, int8 or int4, whatever costs the loss least within a budget. */
    MIXED;

    /** Whether it is one of floats, which are rounded to it and have no scales. */
    public boolean isFloat() {
      return this == F16 || this == BF16;
    }
  }

  /**
   * {@code quantize int8 over conv calibrated on 512 of fashion.train}.
   *
   * @param group neighbouring weights that share a scale; 0 for all of a channel
   * @param budget of mixed types: the share of the parameters' bytes that may be left; else 0
   * @param over binding-path patterns; empty for all weights
   * @param calibration how ranges are found; null unless they are fixed, or types are mixed: then
   *     the rows that the loss is measured on
   * @param epochs how long the weights learn to be integers; 0 for not at all
   */
  public record QuantizeSpec(
      Type type,
      Kind kind,
      int group,
      double budget,
      List<String> over,
      CalibrationSpec calibration,
      int epochs,
      SourceSpan span) {
    /** Copies the list. */
    public QuantizeSpec {
      over = List.copyOf(over);
    }

    /** The same sentence of one type. */
    public QuantizeSpec of(Type one) {
      return new QuantizeSpec(one, kind, group, 0, over, null, epochs, span);
    }
  }

  /** How a range is chosen from the values seen. */
  public enum Method {
    /** From the least to the greatest. */
    MIN_MAX,
    /** Leaving out a share at the ends. */
    PERCENTILE,
    /** What loses least: the smallest mean squared error. */
    MSE,
    /** What keeps most information: the smallest Kullback-Leibler divergence. */
    ENTROPY
  }

  /**
   * How ranges are found.
   *
   * @param rows how many training rows are looked at
   * @param percentile the share of values kept, in percent; 100 but for percentiles
   */
  public record CalibrationSpec(int rows, Method method, double percentile) {}
}
