package org.modelc.compiler;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.FunctionSpec;
import org.modelc.runtime.spec.RecipeSpec;
import org.modelc.runtime.spec.RecipeSpec.MeasureSpec;
import org.modelc.runtime.spec.TensorSpec;

/**
 * Which results of a function speak of classes. A measure ties a result to a target column; a
 * result that no measure ties belongs to the only labelled column, if there is one.
 */
public final class ResultLabels {
  private ResultLabels() {}

  /**
   * Class names by result: an integer a row is an index of them, a row as long as they are has a
   * value for each.
   *
   * @param labels class names by data column
   * @param recipe the recipe whose measures are looked at; may be null
   */
  public static Map<String, List<String>> of(
      FunctionSpec function, Map<String, List<String>> labels, RecipeSpec recipe) {
    Map<String, List<String>> found = new LinkedHashMap<>();
    for (TensorSpec output : function.outputs()) {
      for (String target : targets(function, output, labels, recipe)) {
        if (fits(output, labels.get(target).size())) {
          found.putIfAbsent(output.name(), labels.get(target));
        }
      }
    }
    return found;
  }

  private static Set<String> targets(
      FunctionSpec function,
      TensorSpec output,
      Map<String, List<String>> labels,
      RecipeSpec recipe) {
    Set<String> targets = new LinkedHashSet<>();
    if (recipe != null) {
      for (MeasureSpec measure : recipe.measures()) {
        boolean same =
            function.name().equals(measure.function()) && output.name().equals(measure.result());
        if (same && labels.containsKey(measure.target())) {
          targets.add(measure.target());
        }
      }
    }
    if (targets.isEmpty() && labels.size() == 1) {
      targets.addAll(labels.keySet());
    }
    return targets;
  }

  private static boolean fits(TensorSpec output, int classes) {
    List<Dim> shape = output.shape();
    return output.dtype().isInteger()
        ? shape.size() == 1
        : output.dtype().isFloating() && shape.size() == 2 && shape.get(1).is(classes);
  }
}
