package org.modelc.compiler.compress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.modelc.dsl.recipe.CompressSpec.PruneSpec;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.interpreter.Array;
import org.modelc.passes.PathPattern;
import org.modelc.passes.compress.AxisFactors;
import org.modelc.passes.compress.DimFactor;
import org.modelc.passes.compress.KeptIndices;
import org.modelc.passes.compress.WeightSite;

/**
 * Which channels, hidden units and heads a model loses: of each group that a sentence names, those
 * whose filters have the least norm (Li et al., Pruning Filters for Efficient ConvNets, 2017). The
 * filters are those of the frozen model, so the factor of a batch norm counts.
 */
public final class ChannelChoice {
  private final AxisFactors factors;
  private final Map<String, WeightSite> sites;
  private final Map<DimFactor, PruneSpec> chosen = new LinkedHashMap<>();

  /**
   * Reads the sentences.
   *
   * @param factors of all programs of the model
   * @param sites the weights of products
   * @throws DiagnosticException for a pattern that matches nothing or nothing removable, and for a
   *     share that leaves nothing of a group
   */
  public ChannelChoice(
      List<PruneSpec> sentences, AxisFactors factors, Map<String, WeightSite> sites) {
    this.factors = factors;
    this.sites = sites;
    for (PruneSpec sentence : sentences) {
      List<String> patterns = sentence.over().isEmpty() ? List.of("*") : sentence.over();
      patterns.forEach(pattern -> choose(sentence, pattern));
    }
    chosen.forEach(this::requireRest);
  }

  private void choose(PruneSpec sentence, String pattern) {
    List<String> kept = new ArrayList<>();
    boolean any = false;
    for (WeightSite site : sites.values()) {
      if (PathPattern.matches(pattern, site.parameter())) {
        DimFactor group = group(site);
        if (group != null && group.fixedBecause() == null) {
          chosen.put(group, sentence);
          any = true;
        } else {
          String why = group == null ? "it has one" : group.fixedBecause();
          kept.add("`" + site.parameter() + "` keeps its channels: " + why);
        }
      }
    }
    if (!any && kept.isEmpty()) {
      throw StorageChoice.nothingMatches(sentence.span(), pattern, sites.keySet());
    }
    if (!any) {
      throw new DiagnosticException(
          Diagnostic.of(
                  DiagnosticCode.NOT_REMOVABLE,
                  sentence.span(),
                  "nothing that `" + pattern + "` names can be removed")
              .withHint(String.join("; ", kept)));
    }
  }

  /** The outermost factor of a weight's channels: heads, where they are heads. */
  private DimFactor group(WeightSite site) {
    List<DimFactor> axis = factors.axis(site.parameter(), site.axis());
    return axis.isEmpty() ? null : axis.get(0);
  }

  private static int removed(DimFactor group, PruneSpec sentence) {
    return (int) Math.round(group.size().value() * sentence.share());
  }

  private void requireRest(DimFactor group, PruneSpec sentence) {
    if (removed(group, sentence) >= group.size().value()) {
      throw new DiagnosticException(
          Diagnostic.of(
                  DiagnosticCode.NOT_REMOVABLE,
                  sentence.span(),
                  sentence.share()
                      + " of the "
                      + group.size()
                      + " channels of "
                      + members(group)
                      + " is all of them")
              .withHint("a layer keeps one channel at least: take a smaller share"));
    }
  }

  private List<String> members(DimFactor group) {
    return sites.values().stream()
        .filter(site -> group(site) == group)
        .map(WeightSite::parameter)
        .toList();
  }

  /**
   * Which indices stay.
   *
   * @param values parameters by name, frozen: batch norms are folded into weights
   */
  public KeptIndices kept(Map<String, Array> values) {
    Map<DimFactor, int[]> kept = new LinkedHashMap<>();
    chosen.forEach(
        (group, sentence) -> {
          double[] norms = norms(group, values);
          int[] largest =
              IntStream.range(0, norms.length)
                  .boxed()
                  .sorted(Comparator.comparingDouble((Integer i) -> -norms[i]))
                  .limit(norms.length - removed(group, sentence))
                  .mapToInt(Integer::intValue)
                  .toArray();
          Arrays.sort(largest);
          kept.put(group, largest);
        });
    return new KeptIndices(factors, kept);
  }

  /** The squared norm of what makes each index of a group: its filters in all weights. */
  private double[] norms(DimFactor group, Map<String, Array> values) {
    int size = group.size().intValue();
    double[] norms = new double[size];
    for (WeightSite site : sites.values()) {
      Array weight = values.get(site.parameter());
      if (weight == null || group(site) != group) {
        continue;
      }
      int inner = weight.shape()[site.axis()] / size;
      for (int i = 0; i < weight.size(); i++) {
        int channel = Array.index(weight.shape(), i)[site.axis()] / inner;
        norms[channel] += weight.data()[i] * weight.data()[i];
      }
    }
    return norms;
  }
}
