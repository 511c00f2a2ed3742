package org.modelc.dsl.elaborate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.modelc.dsl.ast.Argument;
import org.modelc.dsl.ast.Block;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.Name;
import org.modelc.dsl.ast.Parameter;
import org.modelc.dsl.ast.Statement;
import org.modelc.dsl.ast.TypeExpression;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.diagnostic.Suggestions;
import org.modelc.ir.type.TensorType;

/** Unfolds functions and layers at their uses. */
final class Calls {
  private final Elaboration elaboration;
  private final Arguments arguments;
  private final Conversions conversions;

  Calls(Elaboration elaboration) {
    this.elaboration = elaboration;
    this.conversions = new Conversions(elaboration);
    this.arguments = new Arguments(elaboration, conversions);
  }

  /**
   * An evaluated argument.
   *
   * @param name the parameter it is for, or null
   * @param expression as written, for its place and for names that stand for axes
   */
  record Given(Name name, Meaning meaning, Expression expression) {
    SourceSpan span() {
      return expression.span();
    }
  }

  private Problems problems() {
    return elaboration.problems();
  }

  TensorType tensorType(TypeExpression type, Scope scope) {
    return conversions.tensorType(type, scope);
  }

  boolean isStatic(TypeExpression type) {
    return conversions.isStatic(type);
  }

  Meaning typed(TypeExpression type, Meaning value, Scope scope, SourceSpan span, String what) {
    return conversions.typed(type, value, scope, span, what);
  }

  Meaning statically(TypeExpression type, Meaning value, SourceSpan span, String what) {
    return conversions.statically(type, value, span, what, true);
  }

  /** A call as written, with the value piped into it if there is one. */
  Meaning call(Expression.Call call, Optional<Given> piped, Frame frame) {
    if (isCast(call, frame.scope())) {
      return cast(call, piped, frame.plain());
    }
    Meaning callee = elaboration.expressions().evaluate(call.target(), frame.plain());
    List<Given> given = new ArrayList<>();
    for (Argument argument : call.arguments()) {
      Meaning meaning = elaboration.expressions().evaluate(argument.value(), frame.plain());
      given.add(new Given(argument.name().orElse(null), meaning, argument.value()));
    }
    return apply(callee, piped.map(List::of).orElse(List.of()), given, frame, call.span());
  }

  private static boolean isCast(Expression.Call call, Scope scope) {
    return call.target() instanceof Expression.Reference reference
        && Types.isDtype(reference.name().text())
        && scope.find(reference.name().text()) == null;
  }

  private Meaning cast(Expression.Call call, Optional<Given> piped, Frame frame) {
    List<Given> given = new ArrayList<>();
    piped.ifPresent(given::add);
    for (Argument argument : call.arguments()) {
      Meaning meaning = elaboration.expressions().evaluate(argument.value(), frame);
      given.add(new Given(null, meaning, argument.value()));
    }
    if (given.size() != 1) {
      return problems()
          .report(DiagnosticCode.ARGUMENT_COUNT, call.span(), "a conversion takes one tensor");
    }
    return conversions.cast(
        ((Expression.Reference) call.target()).name(), given.get(0).meaning(), call.span());
  }

  /**
   * Applies what can be applied.
   *
   * @param piped the value piped in, which fills the first input
   * @param given the arguments in brackets
   */
  Meaning apply(
      Meaning callee, List<Given> piped, List<Given> given, Frame frame, SourceSpan span) {
    if (callee instanceof Meaning.Function function) {
      return function(function, joined(piped, given), frame, span);
    }
    if (callee instanceof Meaning.Operator operator) {
      return elaboration.operators().call(operator.op(), joined(piped, given), frame, span);
    }
    if (callee instanceof Meaning.Builtin builtin) {
      return elaboration.intrinsics().call(builtin.intrinsic(), joined(piped, given), span);
    }
    if (callee instanceof Meaning.Constructor constructor) {
      return construct(constructor, piped, given, frame, span);
    }
    if (callee instanceof Meaning.Instance instance) {
      return layer(instance.layer(), joined(piped, given), span);
    }
    if (callee.isFailed()) {
      return Meaning.FAILED;
    }
    return problems()
        .report(DiagnosticCode.NOT_CALLABLE, span, callee.describe() + " cannot be called");
  }

  private static List<Given> joined(List<Given> piped, List<Given> given) {
    List<Given> all = new ArrayList<>(piped);
    all.addAll(given);
    return all;
  }

  /** Makes an instance; applies it too where inputs were given in place of the static list. */
  private Meaning construct(
      Meaning.Constructor constructor,
      List<Given> piped,
      List<Given> given,
      Frame frame,
      SourceSpan span) {
    Declaration.Layer layer = constructor.layer();
    boolean inputs =
        given.stream().anyMatch(argument -> argument.meaning() instanceof Meaning.Tensor);
    boolean failed = given.stream().anyMatch(argument -> argument.meaning().isFailed());
    if (failed) {
      return Meaning.FAILED;
    }
    boolean direct = inputs && layer.statics().stream().allMatch(Calls::hasDefault);
    if (inputs && !direct) {
      return tensorAsStatic(layer, given);
    }
    LayerInstance instance = instance(constructor, direct ? List.of() : given, frame, span);
    if (instance == null) {
      return Meaning.FAILED;
    }
    List<Given> applied = direct ? joined(piped, given) : piped;
    return applied.isEmpty() ? new Meaning.Instance(instance) : layer(instance, applied, span);
  }

  private static boolean hasDefault(Parameter parameter) {
    return parameter.defaultValue().isPresent();
  }

  private Meaning tensorAsStatic(Declaration.Layer layer, List<Given> given) {
    Given tensor =
        given.stream().filter(each -> each.meaning() instanceof Meaning.Tensor).findFirst().get();
    return problems()
        .report(
            DiagnosticCode.TENSOR_AS_STATIC,
            tensor.span(),
            "the first list of layer `"
                + layer.name()
                + "` takes static values, got "
                + tensor.meaning().describe(),
            "write " + layer.name() + "(…)(x), or x |> " + layer.name() + "(…)");
  }

  private LayerInstance instance(
      Meaning.Constructor constructor, List<Given> given, Frame frame, SourceSpan span) {
    Declaration.Layer layer = constructor.layer();
    Scope statics = new Scope(constructor.owner());
    String name = layer.name().text();
    List<Name> missing = arguments.bind(name, layer.statics(), given, statics, span, true);
    boolean complete = missing != null && arguments.reportMissing(name, missing, span);
    String path = path(name, frame);
    return complete && path != null
        ? new LayerInstance(layer, statics, path, frame.naming().mayOwnParameters())
        : null;
  }

  private String path(String kind, Frame frame) {
    if (frame.binding() == null) {
      return frame.naming().claimKind(kind);
    }
    String path = frame.naming().claim(frame.binding().text());
    if (path == null) {
      elaboration.statements().reportTaken(frame.binding(), frame);
    }
    return path;
  }

  /** Applies an instance to its inputs. */
  private Meaning layer(LayerInstance instance, List<Given> given, SourceSpan span) {
    Declaration.Layer layer = instance.declaration();
    if (isInside(instance)) {
      return recursion(layer.name(), span);
    }
    Scope scope = new Scope(instance.statics());
    String name = layer.name().text();
    List<Name> missing = arguments.bind(name, layer.inputs(), given, scope, span, false);
    if (missing == null || !arguments.reportMissing(name, missing, span)) {
      return Meaning.FAILED;
    }
    Frame body = new Frame(scope, new Naming(instance.path(), instance.mayOwnParameters()));
    problems().enter(instance, scope, instance.describe(), span);
    try {
      return unfold(layer.bounds(), layer.body(), layer.result(), body);
    } finally {
      problems().leave();
    }
  }

  /** Whether an instance was made, however indirectly, by the layer that it is an instance of. */
  private boolean isInside(LayerInstance instance) {
    return problems().entered().stream()
        .filter(LayerInstance.class::isInstance)
        .map(LayerInstance.class::cast)
        .filter(outer -> outer.declaration() == instance.declaration())
        .anyMatch(outer -> instance.path().startsWith(outer.path() + ".") || outer == instance);
  }

  private Meaning recursion(Name name, SourceSpan span) {
    return problems()
        .report(
            DiagnosticCode.RECURSION,
            span,
            "`" + name + "` uses itself: " + problems().path(name.text()));
  }

  /** Unfolds a function at a use. */
  private Meaning function(
      Meaning.Function callee, List<Given> given, Frame frame, SourceSpan span) {
    Declaration.Function function = callee.function();
    if (problems().entered().stream().anyMatch(each -> each == function)) {
      return recursion(function.name(), span);
    }
    if (function.stream()) {
      return reportStream(function, span);
    }
    Scope scope = new Scope(callee.owner());
    String name = function.name().text();
    List<Name> missing = arguments.bind(name, function.parameters(), given, scope, span, false);
    if (missing == null || !bindExpected(function, frame.expected(), scope, span)) {
      return Meaning.FAILED;
    }
    List<Name> unbound =
        missing.stream().filter(parameter -> scope.own(parameter.text()) == null).toList();
    if (!arguments.reportMissing(name, unbound, span)) {
      return Meaning.FAILED;
    }
    Naming naming =
        callee.inModel()
            ? new Naming(name, true)
            : new Naming(frame.naming().claimKind(name), false);
    problems().enter(function, scope, name, span);
    try {
      return unfold(
          function.bounds(), function.body(), function.result(), new Frame(scope, naming));
    } finally {
      problems().leave();
    }
  }

  Meaning reportStream(Declaration.Function function, SourceSpan span) {
    return problems()
        .report(
            DiagnosticCode.NOT_IN_THIS_RELEASE,
            span,
            "`" + function.name() + "` is a stream function, which are not in this release");
  }

  /** Lets the type that the place wants bind what the result type leaves open. */
  private boolean bindExpected(
      Declaration.Function function, TensorType expected, Scope scope, SourceSpan span) {
    if (expected == null
        || !(function.result().orElse(null) instanceof TypeExpression.Tensor type)) {
      return true;
    }
    String what = "the result of " + function.name();
    return !elaboration.types().isOpen(type, scope)
        || elaboration.types().matchDims(type, expected, scope, what, span);
  }

  /** Checks the bounds, runs the body and holds its value against the declared result. */
  Meaning unfold(
      List<Expression> bounds, Block body, Optional<TypeExpression> result, Frame frame) {
    boolean mayHold = true;
    for (Expression bound : bounds) {
      mayHold &= Bounds.check(elaboration, bound, frame);
    }
    if (!mayHold) {
      return Meaning.FAILED;
    }
    Meaning value = elaboration.statements().body(body, frame);
    if (result.isEmpty()) {
      return value;
    }
    if (value.isFailed()) {
      conversions.checkKnown(result.get(), frame.scope());
      return value;
    }
    SourceSpan span = resultSpan(body);
    return conversions.typed(result.get(), value, frame.scope(), span, "the result");
  }

  private static SourceSpan resultSpan(Block body) {
    List<Statement> statements = body.statements();
    return statements.isEmpty() ? body.span() : statements.get(statements.size() - 1).span();
  }

  /** A parameter of a layer that has a name, such as {@code token.weight}. */
  Meaning parameterOf(LayerInstance instance, Name name) {
    ParameterTable.Entry entry = elaboration.parameters().find(instance.path() + "." + name);
    if (entry != null) {
      return elaboration.read(entry);
    }
    List<Statement.Param> own =
        instance.declaration().body().statements().stream()
            .filter(Statement.Param.class::isInstance)
            .map(Statement.Param.class::cast)
            .toList();
    Optional<Statement.Param> wanted =
        own.stream().filter(param -> param.name().text().equals(name.text())).findFirst();
    if (wanted.isEmpty()) {
      List<String> names = own.stream().map(param -> param.name().text()).toList();
      return problems()
          .report(
              DiagnosticCode.NO_SUCH_PARAMETER,
              name.span(),
              instance.describe() + " has no parameter `" + name + "`",
              Suggestions.didYouMean(name.text(), names).orElse("it has " + names));
    }
    return declareAhead(instance, wanted.get());
  }

  /** Makes a parameter before the layer is first applied; its shape must follow from statics. */
  private Meaning declareAhead(LayerInstance instance, Statement.Param param) {
    Scope scope = new Scope(instance.statics());
    Naming naming = new Naming(instance.path(), instance.mayOwnParameters());
    elaboration
        .statements()
        .declare(
            param.name(),
            param.documentation(),
            param.type(),
            param.initial(),
            false,
            new Frame(scope, naming));
    ParameterTable.Entry made = elaboration.parameters().find(naming.path(param.name().text()));
    return made == null ? Meaning.FAILED : elaboration.read(made);
  }
}
