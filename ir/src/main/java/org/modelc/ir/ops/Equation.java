package org.modelc.ir.ops;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.ir.op.OpException;
import org.modelc.runtime.spec.Dim;

/**
 * A parsed {@link Einsum} equation.
 *
 * @param operands a label for each axis of each operand
 * @param result the result's labels
 */
record Equation(List<String> operands, String result) {
  private static final String FORM =
      "an equation is one letter for each axis, as in \"bhqd,bhkd->bhqk\"";

  /**
   * Reads an equation. Without {@code ->} the result has the labels that occur once, in
   * alphabetical order, as in numpy.
   */
  static Equation parse(String text) {
    String compact = text.replace(" ", "");
    int arrow = compact.indexOf("->");
    String inputs = arrow < 0 ? compact : compact.substring(0, arrow);
    List<String> operands = List.of(inputs.split(",", -1));
    String result = arrow < 0 ? onceOccurring(inputs) : compact.substring(arrow + 2);
    for (String labels : operands) {
      check(text, labels);
    }
    check(text, result);
    String unknown = without(result, inputs);
    if (!unknown.isEmpty()) {
      throw new OpException(
          "einsum's result label " + unknown + " occurs in no operand of \"" + text + "\"", FORM);
    }
    return new Equation(operands, result);
  }

  private static String onceOccurring(String inputs) {
    StringBuilder once = new StringBuilder();
    inputs
        .chars()
        .filter(label -> label != ',' && inputs.indexOf(label) == inputs.lastIndexOf(label))
        .sorted()
        .forEach(label -> once.append((char) label));
    return once.toString();
  }

  private static void check(String text, String labels) {
    if (!labels.chars().allMatch(Character::isLetter)) {
      throw new OpException("einsum does not understand \"" + text + "\"", FORM);
    }
    if (labels.chars().distinct().count() != labels.length()) {
      throw new OpException(
          "einsum's \"" + text + "\" names an axis twice in " + labels,
          "diagonals are not supported");
    }
  }

  /** The dim of each label. */
  Map<Character, Dim> dims(List<List<Dim>> shapes) {
    if (shapes.size() != operands.size()) {
      throw new OpException(
          "einsum's equation names " + operands.size() + " operands, got " + shapes.size(), FORM);
    }
    Map<Character, Dim> dims = new TreeMap<>();
    for (int i = 0; i < shapes.size(); i++) {
      String labels = operands.get(i);
      if (labels.length() != shapes.get(i).size()) {
        throw new OpException(
            "einsum's labels " + labels + " do not fit an operand of shape " + shapes.get(i), FORM);
      }
      for (int axis = 0; axis < labels.length(); axis++) {
        put(dims, labels.charAt(axis), shapes.get(i).get(axis));
      }
    }
    return dims;
  }

  private static void put(Map<Character, Dim> dims, char label, Dim dim) {
    Dim known = dims.put(label, dim);
    if (known != null && !known.equals(dim)) {
      throw new OpException(
          "einsum's label " + label + " stands for dims " + known + " and " + dim,
          "a label names one dim; nothing broadcasts");
    }
  }

  /** The labels summed over, in order of occurrence. */
  String summed() {
    return without(String.join("", operands), result);
  }

  /** What of the first two operands' labels the result or another operand still needs. */
  String keptAfter(List<String> pending) {
    String needed = result + String.join("", pending.subList(2, pending.size()));
    String first = pending.get(0) + pending.get(1);
    return without(first, without(first, needed));
  }

  /** The distinct labels of {@code labels} that {@code others} lacks, in order of occurrence. */
  static String without(String labels, String others) {
    StringBuilder rest = new StringBuilder();
    labels
        .chars()
        .distinct()
        .filter(label -> others.indexOf(label) < 0)
        .forEach(label -> rest.append((char) label));
    return rest.toString();
  }

  static List<Dim> shape(String labels, Map<Character, Dim> dims) {
    return labels.chars().mapToObj(label -> dims.get((char) label)).toList();
  }
}
