package org.modelc.dsl.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.modelc.dsl.ast.Argument;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.TypeExpression;
import org.modelc.dsl.ast.UnaryOperator;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.runtime.spec.TransformSpec;

/**
 * The value of a model's {@code input}: a tree of transforms; null, with a diagnostic, for what is
 * none.
 */
final class InputElaboration extends ExpressionCase<TransformSpec> {
  /** They keep scalars scalar; the others make vectors of them. */
  private static final Set<String> SCALAR = Set.of("log", "sqrt", "scaled", "shifted");

  private final Settings settings;

  InputElaboration(Settings settings) {
    this.settings = settings;
  }

  @Override
  TransformSpec other(Expression expression) {
    settings
        .diagnostics()
        .add(
            DiagnosticCode.BAD_SETTING,
            expression.span(),
            "an input is made from columns by transforms",
            "for example standardized(Age, Income) ++ one_hot(Home); there are "
                + String.join(", ", Vocabulary.transforms().keySet())
                + ", columns(\"pattern*\"), ++, as, and + - * / with numbers");
    return null;
  }

  @Override
  public TransformSpec visit(Expression.Reference expression) {
    return new TransformSpec("column", List.of(expression.name().text()), List.of(), Map.of());
  }

  @Override
  public TransformSpec visit(Expression.Call expression) {
    return call(expression, expression.arguments());
  }

  @Override
  public TransformSpec visit(Expression.Pipe expression) {
    List<Argument> arguments = new ArrayList<>();
    arguments.add(
        new Argument(java.util.Optional.empty(), expression.input(), expression.input().span()));
    arguments.addAll(Settings.arguments(expression.stage()));
    return call(expression.stage(), arguments);
  }

  private TransformSpec call(Expression callee, List<Argument> arguments) {
    String kind = Settings.calledName(callee).orElse("");
    if (kind.equals("columns")) {
      return pattern(callee, arguments);
    }
    Vocabulary.Entry entry = Vocabulary.transforms().get(kind);
    if (entry == null) {
      return unknown(callee, kind);
    }
    List<Expression> operands = new ArrayList<>();
    Map<String, Object> options = new LinkedHashMap<>();
    boolean right = true;
    for (Argument argument : arguments) {
      if (argument.name().isEmpty()) {
        operands.add(argument.value());
      } else {
        right &= option(kind, entry, argument, options);
      }
    }
    if (operands.isEmpty()) {
      settings
          .diagnostics()
          .add(
              DiagnosticCode.MISSING_ARGUMENT,
              callee.span(),
              kind + " takes columns",
              "for example " + kind + "(Age, Income)");
      return null;
    }
    if (right) {
      check(kind, callee, options);
    }
    TransformSpec input = operand(kind, operands);
    return input == null ? null : new TransformSpec(kind, List.of(), List.of(input), options);
  }

  private TransformSpec unknown(Expression callee, String kind) {
    if (kind.equals("tokens")) {
      settings
          .diagnostics()
          .add(
              DiagnosticCode.NOT_IN_THIS_RELEASE,
              callee.span(),
              "text becomes tokens in a later release");
    } else {
      List<String> kinds = new ArrayList<>(Vocabulary.transforms().keySet());
      kinds.add("columns");
      settings.unknown(DiagnosticCode.UNKNOWN_NAME, callee.span(), "transform", kind, kinds);
    }
    return null;
  }

  /** Reads a setting; false, with a diagnostic, if it is none. */
  private boolean option(
      String kind, Vocabulary.Entry entry, Argument argument, Map<String, Object> options) {
    String name = argument.name().orElseThrow().text();
    if (!entry.options().contains(name)) {
      settings.unknown(
          DiagnosticCode.UNKNOWN_ARGUMENT,
          argument.span(),
          kind + " setting",
          name,
          entry.options());
      return false;
    }
    Object value = settings.value(argument.value());
    if (value != null && options.put(name, value) != null) {
      settings
          .diagnostics()
          .add(DiagnosticCode.DUPLICATE_ARGUMENT, argument.span(), "`" + name + "` is given twice");
    }
    return value != null;
  }

  private void check(String kind, Expression callee, Map<String, Object> options) {
    if (kind.equals("imputed")) {
      Object rule = options.get("by");
      List<String> rules = List.of("constant", "mean", "median", "most_frequent");
      if (rule == null) {
        settings
            .diagnostics()
            .add(
                DiagnosticCode.MISSING_ARGUMENT,
                callee.span(),
                "imputed needs a rule",
                "say by: median, by: mean, by: most_frequent, or by: constant, value: 0");
      } else if (!rules.contains(rule)) {
        settings.unknown(
            DiagnosticCode.BAD_SETTING, callee.span(), "rule for imputed", rule.toString(), rules);
      }
    }
    if (kind.equals("clipped") && options.isEmpty()) {
      settings
          .diagnostics()
          .add(
              DiagnosticCode.MISSING_ARGUMENT,
              callee.span(),
              "clipped needs a rule for its limits",
              "say iqr: 1.5, z: 3, or low: and high:");
    }
  }

  /** Plain columns stand side by side; with a transform among them, all are joined. */
  private TransformSpec operand(String kind, List<Expression> operands) {
    boolean plain = operands.stream().allMatch(Expression.Reference.class::isInstance);
    if (plain && !(SCALAR.contains(kind) && operands.size() == 1)) {
      List<String> columns = new ArrayList<>();
      operands.forEach(each -> columns.add(((Expression.Reference) each).name().text()));
      return new TransformSpec("columns", columns, List.of(), Map.of());
    }
    List<TransformSpec> inputs = new ArrayList<>();
    for (Expression operand : operands) {
      inputs.add(operand.accept(this));
    }
    if (inputs.contains(null)) {
      return null;
    }
    boolean vector = SCALAR.contains(kind) || !isScalar(inputs.get(0));
    return inputs.size() == 1 && vector ? inputs.get(0) : concat(inputs);
  }

  private static boolean isScalar(TransformSpec spec) {
    if (spec.kind().equals("column")) {
      return true;
    }
    return SCALAR.contains(spec.kind()) && isScalar(spec.inputs().get(0));
  }

  private static TransformSpec concat(List<TransformSpec> inputs) {
    return new TransformSpec("concat", List.of(), inputs, Map.of());
  }

  private TransformSpec pattern(Expression callee, List<Argument> arguments) {
    List<String> patterns = new ArrayList<>();
    for (Argument argument : arguments) {
      if (argument.value() instanceof Expression.TextLiteral text) {
        patterns.add(text.value());
      } else {
        settings
            .diagnostics()
            .add(
                DiagnosticCode.BAD_SETTING,
                argument.span(),
                "columns takes patterns",
                "write columns(\"pixel_*\"); single columns go by their names");
        return null;
      }
    }
    if (patterns.isEmpty()) {
      settings
          .diagnostics()
          .add(
              DiagnosticCode.MISSING_ARGUMENT,
              callee.span(),
              "columns takes a pattern",
              "write columns(\"pixel_*\")");
      return null;
    }
    return new TransformSpec("columns", patterns, List.of(), Map.of("pattern", true));
  }

  @Override
  public TransformSpec visit(Expression.Unary expression) {
    if (expression.operator() != UnaryOperator.NEGATE) {
      return other(expression);
    }
    return with("scaled", "factor", -1, expression.operand().accept(this));
  }

  @Override
  public TransformSpec visit(Expression.Binary expression) {
    OptionalDouble left = settings.number(expression.left());
    OptionalDouble right = settings.number(expression.right());
    return switch (expression.operator()) {
      case CONCAT -> joined(expression);
      case ADD ->
          left.isPresent()
              ? by(expression, "shifted", "offset", left, expression.right(), 1)
              : by(expression, "shifted", "offset", right, expression.left(), 1);
      case SUBTRACT ->
          left.isPresent()
              ? with(
                  "shifted",
                  "offset",
                  left.getAsDouble(),
                  with("scaled", "factor", -1, expression.right().accept(this)))
              : by(expression, "shifted", "offset", right, expression.left(), -1);
      case MULTIPLY ->
          left.isPresent()
              ? by(expression, "scaled", "factor", left, expression.right(), 1)
              : by(expression, "scaled", "factor", right, expression.left(), 1);
      case DIVIDE -> by(expression, "scaled", "divisor", right, expression.left(), 1);
      case OR, AND, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, MATMUL, POWER ->
          other(expression);
    };
  }

  private TransformSpec by(
      Expression.Binary expression,
      String kind,
      String option,
      OptionalDouble number,
      Expression operand,
      int sign) {
    if (number.isEmpty()) {
      settings
          .diagnostics()
          .add(
              DiagnosticCode.NOT_IN_THIS_RELEASE,
              expression.span(),
              "arithmetic between columns in an input",
              "one side must be a number; compute with columns inside the model's functions");
      return null;
    }
    if (option.equals("divisor") && number.getAsDouble() == 0) {
      settings
          .diagnostics()
          .add(DiagnosticCode.BAD_SETTING, expression.span(), "an input is divided by 0");
      return null;
    }
    return with(kind, option, sign * number.getAsDouble(), operand.accept(this));
  }

  private static TransformSpec with(String kind, String option, double value, TransformSpec input) {
    return input == null
        ? null
        : new TransformSpec(kind, List.of(), List.of(input), Map.of(option, value));
  }

  private TransformSpec joined(Expression.Binary expression) {
    List<TransformSpec> inputs = new ArrayList<>();
    for (Expression side : List.of(expression.left(), expression.right())) {
      TransformSpec spec = side.accept(this);
      if (spec == null) {
        return null;
      }
      inputs.addAll(spec.kind().equals("concat") ? spec.inputs() : List.of(spec));
    }
    return concat(inputs);
  }

  @Override
  public TransformSpec visit(Expression.As expression) {
    TransformSpec input = expression.value().accept(this);
    if (!(expression.type() instanceof TypeExpression.Tensor tensor)) {
      settings
          .diagnostics()
          .add(
              DiagnosticCode.BAD_SETTING,
              expression.type().span(),
              "`as` gives the shape of one row",
              "for example as f32[8, 8]");
      return null;
    }
    List<Object> shape = new ArrayList<>();
    for (TypeExpression.Dim dim : tensor.dims()) {
      long size = size(dim);
      if (size < 1) {
        return null;
      }
      shape.add(size);
    }
    return input == null
        ? null
        : new TransformSpec("reshaped", List.of(), List.of(input), Map.of("shape", shape));
  }

  private long size(TypeExpression.Dim dim) {
    if (dim instanceof TypeExpression.Size size) {
      OptionalDouble number = settings.number(size.value());
      if (number.isPresent()
          && number.getAsDouble() >= 1
          && number.getAsDouble() == Math.rint(number.getAsDouble())) {
        return (long) number.getAsDouble();
      }
    }
    settings
        .diagnostics()
        .add(
            DiagnosticCode.NOT_STATIC,
            dim.span(),
            "the shape of a row is made of whole numbers",
            "the batch dim is left out: as f32[8, 8]");
    return 0;
  }
}
