package org.modelc.runtime.transform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.spec.FittedTransform;

/**
 * The learned categories of each element of a vector of texts, as one_hot and ordinal keep them.
 */
final class CategoryIndex {
  private static final String MISSING = "missing";

  private final List<List<String>> categories = new ArrayList<>();
  private final boolean[] missing;
  private final List<Map<String, Integer>> indexes = new ArrayList<>();

  CategoryIndex(FittedTransform fitted) {
    List<Double> flags = fitted.numbers().get(MISSING);
    missing = new boolean[flags.size()];
    for (int i = 0; i < missing.length; i++) {
      missing[i] = flags.get(i) != 0;
      categories.add(fitted.texts().get(Integer.toString(i)));
      Map<String, Integer> index = new HashMap<>();
      for (String category : categories.get(i)) {
        index.put(category, index.size());
      }
      indexes.add(index);
    }
  }

  /** Learns the categories of the only input, a vector or a scalar. */
  static FittedTransform learn(Fitting fitting) {
    if (fitting.inputShape().size() > 1) {
      throw new DataException(
          fitting.spec().kind() + " takes columns, got a tensor " + fitting.inputShape(), "");
    }
    int width = Features.width(fitting.inputShape());
    CategoryCounts counts = new CategoryCounts(width);
    fitting.forEachChunk(counts);
    Map<String, List<String>> texts = new LinkedHashMap<>();
    List<Double> missing = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      texts.put(Integer.toString(i), counts.categories(i));
      missing.add(counts.hasMissing(i) ? 1.0 : 0.0);
    }
    return fitting.result(Map.of(MISSING, missing), texts, fitting.inputShape());
  }

  /** The categories of an element, the missing one included. */
  int count(int element) {
    return categories.get(element).size() + (missing[element] ? 1 : 0);
  }

  /** The sum of the counts. */
  int total() {
    int total = 0;
    for (int i = 0; i < missing.length; i++) {
      total += count(i);
    }
    return total;
  }

  /** The index of a text, null for a missing one; -1 if training rows had no such. */
  int index(int element, String text) {
    if (text == null) {
      return missing[element] ? categories.get(element).size() : -1;
    }
    Integer index = indexes.get(element).get(text);
    return index == null ? -1 : index;
  }

  /** The categories' names: {@code Home=rent}, and {@code Home missing} last. */
  List<String> names(int element, String column) {
    List<String> names = new ArrayList<>();
    for (String category : categories.get(element)) {
      names.add(column + "=" + category);
    }
    if (missing[element]) {
      names.add(column + " missing");
    }
    return names;
  }
}
