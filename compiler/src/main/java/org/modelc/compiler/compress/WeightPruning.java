package org.modelc.compiler.compress;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.dsl.recipe.CompressSpec.PruneSpec;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.passes.PathPattern;
import org.modelc.passes.compress.WeightSite;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.train.TrainingListener;

/**
 * Sets single weights to 0 and keeps them there while the others train. By magnitude their share
 * grows over the first part of the training by the cubic schedule of Zhu and Gupta (To prune, or
 * not to prune, 2017), by movement likewise; n of m neighbours are chosen once, at its beginning
 * (Mishra et al., 2021).
 *
 * <p>Masks are put on the parameters after each step: the step's program stays the model's own.
 */
public final class WeightPruning implements TrainingListener {
  /** The part of a training in which the share grows; in the rest it stays. */
  private static final double GROWING = 0.7;

  /** How often masks are chosen anew while the share grows. */
  private static final int CHOICES = 60;

  private final List<WeightMasks> masks = new ArrayList<>();
  private Map<String, Tensor> tensors = Map.of();
  private long steps;
  private boolean chosen;

  /**
   * Reads the sentences; of two that name one weight the later one counts.
   *
   * @param sites the weights of products
   * @throws DiagnosticException for a pattern that matches nothing
   */
  public WeightPruning(List<PruneSpec> sentences, Map<String, WeightSite> sites) {
    Map<WeightSite, PruneSpec> chosen = new LinkedHashMap<>();
    for (PruneSpec sentence : sentences) {
      List<String> patterns = sentence.over().isEmpty() ? List.of("*") : sentence.over();
      for (String pattern : patterns) {
        List<WeightSite> named =
            sites.values().stream()
                .filter(site -> PathPattern.matches(pattern, site.parameter()))
                .toList();
        if (named.isEmpty()) {
          throw StorageChoice.nothingMatches(sentence.span(), pattern, sites.keySet());
        }
        named.forEach(site -> chosen.put(site, sentence));
      }
    }
    for (PruneSpec sentence : sentences) {
      List<WeightSite> own =
          chosen.keySet().stream().filter(site -> chosen.get(site) == sentence).toList();
      if (!own.isEmpty()) {
        masks.add(new WeightMasks(sentence, own));
      }
    }
  }

  @Override
  public void learning(Map<String, Tensor> learned) {
    tensors = learned;
  }

  @Override
  public void started(int epochsDone, int epochs, int rows, int stepsPerEpoch) {
    steps = (long) epochs * stepsPerEpoch;
    if (!chosen) {
      masks.forEach(mask -> mask.choose(tensors, 0));
    }
    masks.forEach(mask -> mask.apply(tensors));
  }

  @Override
  public void stepped(Step step) {
    double done = step.step() / (GROWING * steps);
    long every = Math.max(1, (long) (GROWING * steps / CHOICES));
    boolean due = step.step() % every == 0 && !chosen;
    for (WeightMasks mask : masks) {
      // Scores go on learning when the share has grown; sizes of masked weights are 0 from then on.
      boolean chooses = due && (done <= 1 || mask.sentence().byMovement());
      if (chooses && mask.grows()) {
        mask.choose(tensors, 1 - Math.pow(1 - Math.min(1, done), 3));
      }
      mask.apply(tensors);
    }
  }

  /** Chooses once and for all, by the values of a trained model. */
  public void choose(Map<String, Tensor> trained) {
    masks.forEach(mask -> mask.choose(trained, 1));
    chosen = true;
  }

  /** The weights whose training says what goes. */
  public Set<String> byMovement() {
    Set<String> names = new LinkedHashSet<>();
    for (WeightMasks mask : masks) {
      if (mask.sentence().byMovement()) {
        mask.sites().forEach(site -> names.add(site.parameter()));
      }
    }
    return names;
  }

  /**
   * Prunes to the end what a training left, which may have ended early.
   *
   * @throws DiagnosticException if nothing is left of a weight
   */
  public void finish(Map<String, Tensor> trained) {
    for (WeightMasks mask : masks) {
      if (!chosen) {
        mask.choose(trained, 1);
      }
      mask.zero(trained);
      if (mask.emptied() != null) {
        throw new DiagnosticException(
            Diagnostic.of(
                    DiagnosticCode.NOT_REMOVABLE,
                    mask.sentence().span(),
                    "nothing is left of `" + mask.emptied() + "`")
                .withHint("take a smaller share, or the same share `of each` weight"));
      }
    }
  }
}
