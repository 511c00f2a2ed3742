package org.modelc.runtime.transform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How often each text occurs in each element over rows; null counts the missing ones. */
final class CategoryCounts implements Fitting.Statistic {
  private static final Integer ONE = 1;

  private final List<Map<String, Integer>> counts = new ArrayList<>();

  CategoryCounts(int width) {
    for (int i = 0; i < width; i++) {
      counts.add(new HashMap<>());
    }
  }

  @Override
  public void add(Features chunk) {
    String[] texts = chunk.texts();
    for (int i = 0; i < texts.length; i++) {
      counts.get(i % counts.size()).merge(texts[i], ONE, Integer::sum);
    }
  }

  /** The categories of an element in index order, the missing one left out. */
  List<String> categories(int element) {
    List<String> ordered = Categories.ordered(counts.get(element).keySet());
    ordered.remove(null);
    return ordered;
  }

  boolean hasMissing(int element) {
    return counts.get(element).containsKey(null);
  }

  /** The most frequent category, the first in order among equals; null if all are missing. */
  String mostFrequent(int element) {
    String best = null;
    int most = 0;
    for (String category : categories(element)) {
      int count = counts.get(element).get(category);
      if (count > most) {
        most = count;
        best = category;
      }
    }
    return best;
  }
}
