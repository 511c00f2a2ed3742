package org.modelc.compiler.compress;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.modelc.dsl.recipe.CompressSpec.PruneSpec;
import org.modelc.dsl.recipe.CompressSpec.Pruning;
import org.modelc.passes.compress.MovementScores;
import org.modelc.passes.compress.WeightSite;
import org.modelc.runtime.Tensor;

/**
 * Which elements of the weights of one sentence are 0: the smallest of all, of each weight, or of
 * every few neighbours that are summed.
 */
final class WeightMasks {
  private final PruneSpec sentence;
  private final List<WeightSite> sites;
  private final Map<String, Float> limits = new java.util.LinkedHashMap<>();
  private final Map<String, boolean[]> zero = new java.util.LinkedHashMap<>();

  WeightMasks(PruneSpec sentence, List<WeightSite> sites) {
    this.sentence = sentence;
    this.sites = sites;
  }

  List<WeightSite> sites() {
    return sites;
  }

  /**
   * Chooses anew, by the values that the weights have now.
   *
   * @param part how far the pruning has come, from 0 to 1
   */
  void choose(Map<String, Tensor> tensors, double part) {
    switch (sentence.kind()) {
      case STRUCTURED -> throw new IllegalArgumentException("channels have no masks");
      case MAGNITUDE, MOVEMENT -> smallest(tensors, sites, sentence.share() * part);
      case MAGNITUDE_OF_EACH, MOVEMENT_OF_EACH ->
          sites.forEach(site -> smallest(tensors, List.of(site), sentence.share() * part));
      case N_OF_M -> sites.forEach(site -> neighbours(tensors, site));
    }
  }

  private static float[] elements(Map<String, Tensor> tensors, WeightSite site) {
    return (float[]) tensors.get(site.parameter()).array();
  }

  /** What weights are held against each other by: the least go first. */
  private float[] ranks(Map<String, Tensor> tensors, WeightSite site) {
    if (sentence.byMovement()) {
      return (float[]) tensors.get(MovementScores.scoreOf(site.parameter())).array();
    }
    float[] sizes = elements(tensors, site).clone();
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.abs(sizes[i]);
    }
    return sizes;
  }

  /** Masks a share of all elements together; of equal ones the first. */
  private void smallest(Map<String, Tensor> tensors, List<WeightSite> together, double share) {
    int count = together.stream().mapToInt(site -> elements(tensors, site).length).sum();
    float[] sizes = new float[count];
    int filled = 0;
    for (WeightSite site : together) {
      for (float rank : ranks(tensors, site)) {
        sizes[filled++] = rank;
      }
    }
    Arrays.sort(sizes);
    int removed = (int) Math.round(share * count);
    float limit = removed == 0 ? Float.NEGATIVE_INFINITY : sizes[removed - 1];
    int equal = removed;
    for (int i = 0; i < removed && sizes[i] < limit; i++) {
      equal--;
    }
    for (WeightSite site : together) {
      float[] ranks = ranks(tensors, site);
      boolean[] mask = new boolean[ranks.length];
      for (int i = 0; i < mask.length; i++) {
        mask[i] = ranks[i] < limit || (ranks[i] == limit && equal-- > 0);
      }
      limits.put(site.parameter(), limit);
      zero.put(site.parameter(), mask);
    }
  }

  /** Of every few neighbours along the summed axes, in their order in memory, the smallest go. */
  private void neighbours(Map<String, Tensor> tensors, WeightSite site) {
    float[] elements = elements(tensors, site);
    int channels = site.type().dim(site.axis()).intValue();
    int inner = 1;
    for (int axis = site.axis() + 1; axis < site.type().rank(); axis++) {
      inner *= site.type().dim(axis).intValue();
    }
    int terms = elements.length / channels;
    boolean[] mask = new boolean[elements.length];
    for (int channel = 0; channel < channels; channel++) {
      for (int from = 0; from < terms; from += sentence.neighbours()) {
        int size = Math.min(sentence.neighbours(), terms - from);
        int[] places = new int[size];
        for (int i = 0; i < size; i++) {
          int term = from + i;
          places[i] = (term / inner * channels + channel) * inner + term % inner;
        }
        mask(elements, places, mask);
      }
    }
    zero.put(site.parameter(), mask);
  }

  /** Leaves n of the places; where fewer than m are left over, no more than n. */
  private void mask(float[] elements, int[] places, boolean[] mask) {
    long kept = Math.round((1 - sentence.share()) * sentence.neighbours());
    for (int removed = places.length; removed > kept; removed--) {
      int least = -1;
      for (int place : places) {
        boolean smaller = least < 0 || Math.abs(elements[place]) < Math.abs(elements[least]);
        least = !mask[place] && smaller ? place : least;
      }
      mask[least] = true;
    }
  }

  /**
   * Lets programs see the choice between steps: the masked elements become 0, or, where programs
   * mask by scores themselves, thresholds what was chosen.
   */
  void apply(Map<String, Tensor> tensors) {
    if (sentence.byMovement()) {
      limits.forEach(
          (name, limit) ->
              write(tensors.get(MovementScores.thresholdOf(name)), new float[] {limit}));
    } else {
      zero(tensors);
    }
  }

  /** Sets the masked elements to 0. */
  void zero(Map<String, Tensor> tensors) {
    zero.forEach((name, mask) -> apply(tensors.get(name), mask));
  }

  static void apply(Tensor tensor, boolean[] mask) {
    float[] elements = (float[]) tensor.array();
    for (int i = 0; i < mask.length; i++) {
      elements[i] = mask[i] ? 0 : elements[i];
    }
    write(tensor, elements);
  }

  private static void write(Tensor tensor, float[] elements) {
    tensor.put(new Tensor(tensor.dtype(), tensor.shape(), elements));
  }

  /** A weight of which nothing is left; null if there is none. */
  String emptied() {
    for (Map.Entry<String, boolean[]> entry : zero.entrySet()) {
      boolean any = false;
      for (boolean masked : entry.getValue()) {
        any |= !masked;
      }
      if (!any) {
        return entry.getKey();
      }
    }
    return null;
  }

  PruneSpec sentence() {
    return sentence;
  }

  boolean grows() {
    return sentence.kind() != Pruning.N_OF_M;
  }
}
