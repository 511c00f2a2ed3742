package org.modelc.dsl.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.Requirement;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.runtime.spec.RecipeSpec.MeasureSpec;
import org.modelc.runtime.spec.RecipeSpec.RequirementSpec;

/** {@code auc >= 0.84}, {@code jar <= 300 KB}, {@code latency <= 20 us}, {@code loss < 0.69}. */
final class RequirementElaboration {
  /** What can be required besides measures, with the units each takes. */
  private static final Map<String, Set<Requirement.Unit>> QUANTITIES =
      Map.of(
          "jar", bytes(),
          "memory", bytes(),
          "latency", Set.of(Requirement.Unit.MILLISECONDS, Requirement.Unit.MICROSECONDS),
          "loss", Set.of());

  /** The share of parameter bytes that compression leaves. */
  private static final String PARAMETERS = "parameters";

  private final Diagnostics diagnostics;
  private final List<MeasureSpec> measures;
  private final boolean compressed;

  RequirementElaboration(Diagnostics diagnostics, List<MeasureSpec> measures) {
    this(diagnostics, measures, false);
  }

  private RequirementElaboration(
      Diagnostics diagnostics, List<MeasureSpec> measures, boolean compressed) {
    this.diagnostics = diagnostics;
    this.measures = measures;
    this.compressed = compressed;
  }

  /** Requirements on a compressed model, which may speak of the model before. */
  static RequirementElaboration ofCompressed(Diagnostics diagnostics, List<MeasureSpec> measures) {
    return new RequirementElaboration(diagnostics, measures, true);
  }

  private static Set<Requirement.Unit> bytes() {
    return Set.of(
        Requirement.Unit.KILOBYTES, Requirement.Unit.MEGABYTES, Requirement.Unit.GIGABYTES);
  }

  /** The requirement; empty, with a diagnostic, if it cannot be checked. */
  Optional<RequirementSpec> requirement(Requirement requirement) {
    String name = name(requirement.measure());
    if (name == null) {
      return Optional.empty();
    }
    SourceSpan span = requirement.span();
    boolean ordered =
        switch (requirement.comparison()) {
          case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> true;
          case EQUAL, NOT_EQUAL, OR, AND, ADD, SUBTRACT, CONCAT, MULTIPLY, DIVIDE, MATMUL, POWER ->
              false;
        };
    if (!ordered) {
      diagnostics.add(DiagnosticCode.BAD_SETTING, span, "a requirement compares by >=, <=, > or <");
      return Optional.empty();
    }
    if (requirement.within() && !(compressed && isMeasured(name))) {
      diagnostics.add(
          DiagnosticCode.BAD_SETTING,
          span,
          "`within` does not fit here",
          "a compress block limits how far a measure is from that of the model before");
      return Optional.empty();
    }
    if (!unitFits(name, requirement)) {
      return Optional.empty();
    }
    // Latency is kept in microseconds, units give seconds.
    double limit = requirement.value() * (name.equals("latency") ? 1e6 : 1);
    return Optional.of(
        new RequirementSpec(
            name,
            requirement.within() ? CompressSpec.WITHIN : requirement.comparison().sign(),
            limit,
            span.text()));
  }

  private boolean isMeasured(String name) {
    return name.equals("loss") || measures.stream().anyMatch(each -> each.name().equals(name));
  }

  private boolean unitFits(String name, Requirement requirement) {
    Set<Requirement.Unit> units = QUANTITIES.getOrDefault(name, Set.of(Requirement.Unit.PERCENT));
    boolean needed = name.equals("latency");
    boolean fits =
        requirement.unit().isEmpty() ? !needed : units.contains(requirement.unit().get());
    if (!fits) {
      String signs =
          units.isEmpty()
              ? "no unit"
              : String.join(", ", units.stream().map(Requirement.Unit::sign).sorted().toList());
      diagnostics.add(
          DiagnosticCode.BAD_SETTING,
          requirement.span(),
          "`" + name + "` is not given so",
          "its units: " + signs);
    }
    return fits;
  }

  private String name(Expression measure) {
    String name = Settings.calledName(measure).orElse("");
    List<String> known = new ArrayList<>();
    measures.forEach(each -> known.add(each.name()));
    if (compressed) {
      known.add(PARAMETERS);
    }
    if (known.contains(name) || QUANTITIES.containsKey(name)) {
      return name;
    }
    known.addAll(QUANTITIES.keySet().stream().sorted().toList());
    String hint =
        Vocabulary.metrics().containsKey(name)
            ? "add measure " + name + "(predict.…, column)"
            : "there are: " + String.join(", ", known);
    diagnostics.add(
        DiagnosticCode.UNKNOWN_REQUIREMENT, measure.span(), "`" + name + "` is not measured", hint);
    return null;
  }
}
