package org.modelc.compiler.compress;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.modelc.dsl.recipe.CompressSpec.Type;

/**
 * Chooses a type for each of several weights: all begin as they are, and the step to fewer bits
 * that costs the loss least for each byte it saves is taken, again and again, until the bytes are
 * within a budget. What one weight costs is measured with all others as they are; costs are taken
 * to add up.
 */
final class MixedPrecision {
  /**
   * A weight as some type.
   *
   * @param bytes stored
   * @param cost by how much the loss of the model grows by it alone; below 0 counts as 0
   */
  record Form(long bytes, double cost) {
    Form {
      cost = Math.max(0, cost);
    }
  }

  /**
   * A weight's forms.
   *
   * @param plain as it is
   * @param stored by type
   */
  record Forms(Form plain, Map<Type, Form> stored) {
    private Form now(Type type) {
      return type == null ? plain : stored.get(type);
    }
  }

  /** A weight taken from one form to one of fewer bytes. */
  private record Step(String weight, Type to, long saved, double cost) {}

  private MixedPrecision() {}

  /** The bytes of all weights in their smallest forms. */
  static long least(Map<String, Forms> weights) {
    return weights.values().stream()
        .mapToLong(
            forms -> forms.stored().values().stream().mapToLong(Form::bytes).min().orElseThrow())
        .sum();
  }

  /** The bytes of all weights as they are. */
  static long plain(Map<String, Forms> weights) {
    return weights.values().stream().mapToLong(forms -> forms.plain().bytes()).sum();
  }

  /**
   * The types chosen.
   *
   * @param budget in bytes
   * @return by weight; those that stay as they are are missing
   * @throws IllegalArgumentException if the smallest forms are more than the budget
   */
  static Map<String, Type> choose(Map<String, Forms> weights, long budget) {
    if (least(weights) > budget) {
      throw new IllegalArgumentException(least(weights) + " bytes are more than " + budget);
    }
    Map<String, Type> types = new LinkedHashMap<>();
    long bytes = plain(weights);
    while (bytes > budget) {
      Step step = cheapest(weights, types);
      types.put(step.weight(), step.to());
      bytes -= step.saved();
    }
    return types;
  }

  /** Of steps that cost equally much a byte that which saves most, then the first by name. */
  private static Step cheapest(Map<String, Forms> weights, Map<String, Type> types) {
    List<Step> steps = new ArrayList<>();
    new TreeMap<>(weights)
        .forEach(
            (name, forms) -> {
              Form now = forms.now(types.get(name));
              Set<Type> known = new EnumMap<>(forms.stored()).keySet();
              for (Type to : known) {
                Form then = forms.stored().get(to);
                if (then.bytes() < now.bytes()) {
                  long saved = now.bytes() - then.bytes();
                  steps.add(new Step(name, to, saved, then.cost() - now.cost()));
                }
              }
            });
    return steps.stream()
        .min(
            Comparator.<Step>comparingDouble(step -> step.cost() / step.saved())
                .thenComparingLong(step -> -step.saved()))
        .orElseThrow();
  }
}
