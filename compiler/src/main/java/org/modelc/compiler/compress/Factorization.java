package org.modelc.compiler.compress;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.modelc.dsl.recipe.CompressSpec.FactorizeSpec;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.passes.FreezeParameters.Frozen;
import org.modelc.passes.PathPattern;
import org.modelc.passes.compress.FactorProducts;
import org.modelc.passes.compress.LowRankFactors;

/**
 * Replaces matrices by two factors of low rank, where both take fewer multiply-adds than the
 * matrix.
 *
 * @param frozen the programs and parameters then
 * @param wholes the matrix that a factor is of, by the factor's name
 * @param errors of a factor's matrix, by the factor's name
 * @param warnings what kept its form, and why
 */
record Factorization(
    Frozen frozen, Map<String, String> wholes, Map<String, Double> errors, List<String> warnings) {

  /**
   * The sentence that each matrix follows.
   *
   * @throws DiagnosticException for a pattern that names no matrix
   */
  static Map<String, FactorizeSpec> chosen(List<FactorizeSpec> sentences, List<Graph> programs) {
    Map<String, FactorizeSpec> chosen = new LinkedHashMap<>();
    Set<String> possible = FactorProducts.possible(programs);
    for (FactorizeSpec sentence : sentences) {
      List<String> patterns = sentence.over().isEmpty() ? List.of("*") : sentence.over();
      for (String pattern : patterns) {
        List<String> named =
            possible.stream().filter(name -> PathPattern.matches(pattern, name)).toList();
        if (named.isEmpty()) {
          throw nothing(sentence, pattern, possible);
        }
        named.forEach(name -> chosen.put(name, sentence));
      }
    }
    return chosen;
  }

  private static DiagnosticException nothing(
      FactorizeSpec sentence, String pattern, Set<String> possible) {
    return new DiagnosticException(
        Diagnostic.of(
                DiagnosticCode.NOTHING_TO_COMPRESS,
                sentence.span(),
                "no matrix matches `" + pattern + "`")
            .withHint(
                possible.isEmpty()
                    ? "matrices of dense layers have factors; the model has none"
                    : "there are: " + possible));
  }

  /**
   * Factorises.
   *
   * @throws DiagnosticException for a pattern that names no matrix, or a weight that is not finite
   */
  static Factorization of(List<FactorizeSpec> sentences, Frozen frozen) {
    Factorization made =
        new Factorization(
            frozen, new LinkedHashMap<>(), new LinkedHashMap<>(), new java.util.ArrayList<>());
    Map<String, Integer> ranks = new LinkedHashMap<>();
    Map<String, Array> values = new LinkedHashMap<>();
    Map<String, FactorizeSpec> chosen = chosen(sentences, frozen.programs());
    frozen
        .values()
        .forEach(
            (name, value) -> {
              LowRankFactors factors =
                  chosen.containsKey(name) ? made.factors(name, value, chosen.get(name)) : null;
              if (factors == null) {
                values.put(name, value);
              } else {
                ranks.put(name, factors.rank());
                made.keep(name, factors, values);
              }
            });
    List<Graph> programs =
        frozen.programs().stream().map(program -> FactorProducts.of(program, ranks)).toList();
    return new Factorization(new Frozen(programs, values), made.wholes, made.errors, made.warnings);
  }

  /** The factors of a weight; null if the weight itself is no more work. */
  private LowRankFactors factors(String name, Array value, FactorizeSpec sentence) {
    if (!DoubleStream.of(value.data()).allMatch(Double::isFinite)) {
      throw new DiagnosticException(
          Diagnostic.of(
                  DiagnosticCode.NOT_FINITE,
                  sentence.span(),
                  "`" + name + "` has an element that is not finite: it has no factors")
              .withHint("the training went wrong, or a normalisation divides by 0"));
    }
    LowRankFactors factors = LowRankFactors.of(value, sentence.error());
    if (factors.savesWork()) {
      return factors;
    }
    warnings.add(
        String.format(
            Locale.ROOT,
            "`%s` %s keeps its form: factors with an error of %s are of rank %d, which is no less"
                + " work",
            name,
            Arrays.toString(value.shape()),
            sentence.error(),
            factors.rank()));
    return null;
  }

  private void keep(String name, LowRankFactors factors, Map<String, Array> values) {
    String left = FactorProducts.leftOf(name);
    String right = FactorProducts.rightOf(name);
    values.put(left, factors.left());
    values.put(right, factors.right());
    for (String factor : List.of(left, right)) {
      wholes.put(factor, name);
      errors.put(factor, factors.error());
    }
  }
}
