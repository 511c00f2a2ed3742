package org.modelc.dsl.elaborate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.modelc.dsl.ast.Binding;
import org.modelc.dsl.ast.Block;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.Name;
import org.modelc.dsl.ast.Statement;
import org.modelc.dsl.ast.TypeExpression;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.diagnostic.Suggestions;
import org.modelc.ir.graph.Value;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.Dim;

/** Carries out statements: makes bindings, parameters, states; unrolls loops. */
final class Statements {
  /** More turns than any model has, fewer than fill the memory. */
  private static final int MAXIMUM_TURNS = 4096;

  private final Elaboration elaboration;

  Statements(Elaboration elaboration) {
    this.elaboration = elaboration;
  }

  /** A block in a scope of its own; its value is that of a last expression. */
  Meaning block(Block block, Frame frame) {
    return body(block, new Frame(new Scope(frame.scope()), frame.naming(), null, frame.expected()));
  }

  /** A block in the given scope itself. */
  Meaning body(Block block, Frame frame) {
    Meaning last = new Meaning.Nothing();
    List<Statement> statements = block.statements();
    for (int i = 0; i < statements.size(); i++) {
      boolean isLast = i == statements.size() - 1;
      Frame own = isLast ? frame : frame.plain();
      last = statements.get(i).accept(new Execution(own));
      if (!isLast && isValue(last)) {
        elaboration
            .problems()
            .report(DiagnosticCode.UNUSED_NAME, statements.get(i).span(), "this value is not used");
      }
    }
    return last;
  }

  private static boolean isValue(Meaning meaning) {
    return !(meaning instanceof Meaning.Nothing) && !meaning.isFailed();
  }

  private Problems problems() {
    return elaboration.problems();
  }

  void let(Statement.Let statement, Frame frame) {
    statement.accept(new Execution(frame));
  }

  /** Makes a parameter or state and binds its name. */
  void declare(
      Name name,
      String documentation,
      TypeExpression type,
      Optional<Expression> initial,
      boolean state,
      Frame frame) {
    String word = state ? "state" : "param";
    frame.scope().let(name.text(), Meaning.FAILED);
    if (!frame.naming().mayOwnParameters()) {
      problems()
          .report(
              DiagnosticCode.PARAM_OUTSIDE_LAYER,
              name.span(),
              "a fn outside a model cannot own the " + word + " `" + name + "`",
              "write a layer");
      return;
    }
    TensorType shape = storageType(type, frame.scope(), word);
    String path = shape == null ? null : frame.naming().claim(name.text());
    if (path == null) {
      if (shape != null) {
        reportTaken(name, frame);
      }
      return;
    }
    ParameterTable.Entry entry = entry(path, shape, state, documentation, name.span());
    if (entry == null) {
      return;
    }
    if (elaboration.parameters().find(path) == null) {
      elaboration.parameters().add(entry);
      initialise(entry, initial, frame);
    }
    frame.scope().stored(name.text(), entry);
  }

  void reportTaken(Name name, Frame frame) {
    String where = frame.naming().prefix();
    problems()
        .report(
            DiagnosticCode.DUPLICATE_BINDING,
            name.span(),
            "the name `"
                + name
                + "` is taken in this body"
                + (where.isEmpty() ? "" : ": " + frame.naming().path(name.text())));
  }

  /** The type of a parameter: a tensor with static dims; null, reported, otherwise. */
  private TensorType storageType(TypeExpression type, Scope scope, String word) {
    TensorType tensor = elaboration.calls().tensorType(type, scope);
    if (tensor == null) {
      return null;
    }
    for (Dim dim : tensor.shape()) {
      if (!dim.isStatic() && !elaboration.unlearned().has(dim)) {
        problems()
            .report(
                DiagnosticCode.NOT_STATIC,
                type.span(),
                "the shape of a "
                    + word
                    + " must be static, but "
                    + dim
                    + " in "
                    + tensor
                    + " is known only at a call",
                "give the input's dim a number, or take it from a static parameter");
        return null;
      }
    }
    return isStorable(tensor, type.span(), word) ? tensor : null;
  }

  private boolean isStorable(TensorType type, SourceSpan span, String word) {
    double elements =
        type.shape().stream()
            .filter(Dim::isStatic)
            .mapToDouble(dim -> (double) dim.value())
            .reduce(1, (a, b) -> a * b);
    if (elements > Integer.MAX_VALUE) {
      problems()
          .report(
              DiagnosticCode.BAD_STATIC_VALUE,
              span,
              "a " + word + " has fewer than 2³¹ elements, got " + type);
    }
    return elements <= Integer.MAX_VALUE;
  }

  /**
   * The table's entry if it has the type, a new one if there is none, null, reported, if it
   * differs.
   */
  private ParameterTable.Entry entry(
      String path, TensorType type, boolean state, String documentation, SourceSpan span) {
    ParameterTable.Entry known = elaboration.parameters().find(path);
    String use = "";
    if (known == null) {
      String line = documentation.lines().findFirst().orElse("");
      return new ParameterTable.Entry(path, type, state, line, span, use);
    }
    if (known.type().equals(type)) {
      return known;
    }
    problems()
        .report(
            DiagnosticCode.PARAM_SHAPE_DIFFERS,
            span,
            "`" + path + "` would be " + type + " here, but another use made it " + known.type(),
            "a fn owns its parameters: write a layer to have new ones at each use");
    return null;
  }

  private void initialise(ParameterTable.Entry entry, Optional<Expression> initial, Frame frame) {
    TensorType type = entry.type();
    elaboration.initialising(
        entry.path(),
        () -> {
          Meaning value =
              initial
                  .map(given -> elaboration.expressions().evaluate(given, frame.expecting(type)))
                  .orElse(Meaning.Int.of(0));
          SourceSpan span = initial.map(Expression::span).orElse(entry.span());
          Optional<Value> full = filled(value, type, span);
          full.ifPresent(tensor -> elaboration.program().builder().update(entry.path(), tensor));
          return value;
        });
  }

  private Optional<Value> filled(Meaning value, TensorType type, SourceSpan span) {
    Tensors tensors = elaboration.tensors();
    Optional<Value> given = tensors.operand(value, type.dtype(), "a first value", span);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    if (given.get().tensor().rank() == 0 && type.rank() > 0) {
      Map<String, Object> shape = Map.of("shape", type.shape());
      Meaning wide = tensors.apply("broadcast", shape, List.of(given.get()), span);
      return wide instanceof Meaning.Tensor tensor ? Optional.of(tensor.value()) : Optional.empty();
    }
    if (!given.get().tensor().equals(type)) {
      problems()
          .report(
              DiagnosticCode.INITIALISER,
              span,
              "the first value has type " + given.get().type() + ", the parameter " + type);
      return Optional.empty();
    }
    return given;
  }

  /** One statement in one frame; gives the statement's value. */
  private final class Execution implements Statement.Visitor<Meaning> {
    private static final Meaning NOTHING = new Meaning.Nothing();

    private final Frame frame;

    Execution(Frame frame) {
      this.frame = frame;
    }

    private Meaning evaluate(Expression expression, Frame at) {
      return elaboration.expressions().evaluate(expression, at);
    }

    @Override
    public Meaning visit(Statement.Let statement) {
      bindAll(statement.binding(), statement.type(), statement.value(), false);
      return NOTHING;
    }

    @Override
    public Meaning visit(Statement.Var statement) {
      bindAll(statement.binding(), statement.type(), statement.value(), true);
      return NOTHING;
    }

    private void bindAll(
        Binding binding, Optional<TypeExpression> type, Expression value, boolean var) {
      Frame at = frame.plain();
      if (!binding.destructuring()) {
        at = at.named(binding.names().get(0));
      }
      Meaning meaning = evaluate(value, at);
      if (meaning instanceof Meaning.Nothing) {
        meaning =
            problems()
                .report(
                    DiagnosticCode.UNBOUND_RESULT, value.span(), "this gives no value to be named");
      }
      if (type.isPresent()) {
        meaning =
            elaboration
                .calls()
                .typed(type.get(), meaning, frame.scope(), value.span(), "the value");
      }
      for (Meaning.Group.Part part : parts(binding, meaning)) {
        if (var) {
          frame.scope().var(part.name(), part.meaning());
        } else {
          frame.scope().let(part.name(), part.meaning());
        }
      }
    }

    private List<Meaning.Group.Part> parts(Binding binding, Meaning meaning) {
      List<Name> names = binding.names();
      if (!binding.destructuring()) {
        return List.of(new Meaning.Group.Part(names.get(0).text(), meaning));
      }
      List<Meaning> elements = Expressions.elements(meaning);
      if (!(meaning instanceof Meaning.Failed)
          && (elements == null || elements.size() != names.size())) {
        problems()
            .report(
                DiagnosticCode.UNBOUND_RESULT,
                binding.span(),
                names.size()
                    + " names for "
                    + meaning.describe()
                    + (elements == null ? "" : ", which has " + elements.size() + " parts"));
        elements = null;
      }
      List<Meaning.Group.Part> parts = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        Meaning part = elements == null ? Meaning.FAILED : elements.get(i);
        parts.add(new Meaning.Group.Part(names.get(i).text(), part));
      }
      return parts;
    }

    @Override
    public Meaning visit(Statement.Param statement) {
      declare(
          statement.name(),
          statement.documentation(),
          statement.type(),
          statement.initial(),
          false,
          frame);
      return NOTHING;
    }

    @Override
    public Meaning visit(Statement.State statement) {
      declare(
          statement.name(),
          statement.documentation(),
          statement.type(),
          statement.initial(),
          true,
          frame);
      return NOTHING;
    }

    @Override
    public Meaning visit(Statement.Cache statement) {
      frame.scope().let(statement.name().text(), Meaning.FAILED);
      problems()
          .report(
              DiagnosticCode.NOT_IN_THIS_RELEASE,
              statement.span(),
              "`cache` belongs to stream functions, which are not in this release");
      return NOTHING;
    }

    @Override
    public Meaning visit(Statement.Assign statement) {
      Name name = statement.name();
      Scope.Binding binding = frame.scope().find(name.text());
      Meaning value = evaluate(statement.value(), frame.plain());
      if (binding == null) {
        problems()
            .report(
                DiagnosticCode.UNKNOWN_NAME,
                name.span(),
                "unknown name `" + name + "`",
                Suggestions.didYouMean(name.text(), frame.scope().names())
                    .or(() -> Optional.of("declare it first: var " + name + " = …")));
      } else if (!binding.isAssignable()) {
        reportFixed(name, binding);
      } else if (binding.storagePath() == null) {
        binding.assign(value);
      } else {
        writeState(binding.storagePath(), value, statement);
      }
      return NOTHING;
    }

    private void reportFixed(Name name, Scope.Binding binding) {
      if (!(binding.meaning() instanceof Meaning.Failed)) {
        problems()
            .report(
                DiagnosticCode.NOT_ASSIGNABLE,
                name.span(),
                "`" + name + "` cannot be assigned",
                "only names declared with `var` and `state` can");
      }
    }

    private void writeState(String path, Meaning value, Statement.Assign statement) {
      ParameterTable.Entry entry = elaboration.parameters().find(path);
      SourceSpan span = statement.value().span();
      Optional<Value> next = filled(value, entry.type(), span);
      next.ifPresent(tensor -> elaboration.program().writeState(path, tensor));
    }

    @Override
    public Meaning visit(Statement.For statement) {
      List<Meaning> turns = turns(statement);
      for (Meaning turn : turns == null ? List.<Meaning>of() : turns) {
        Frame inner = new Frame(new Scope(frame.scope()), frame.naming().turn());
        for (Meaning.Group.Part part : parts(statement.binding(), turn)) {
          inner.scope().let(part.name(), part.meaning());
        }
        body(statement.body(), inner);
      }
      return NOTHING;
    }

    private List<Meaning> turns(Statement.For statement) {
      Meaning from = evaluate(statement.from(), frame.plain());
      Optional<Meaning> to = statement.to().map(end -> evaluate(end, frame.plain()));
      if (from.isFailed() || to.map(Meaning::isFailed).orElse(false)) {
        return null;
      }
      if (to.isEmpty() && from instanceof Meaning.ListOf list) {
        return list.elements();
      }
      if (elaboration.unlearned().has(from, to.orElse(from))) {
        return null;
      }
      boolean range =
          from instanceof Meaning.Int
              && from.isStatic()
              && to.map(end -> end instanceof Meaning.Int && end.isStatic()).orElse(false);
      if (!range) {
        reportNotStatic(statement, from, to);
        return null;
      }
      return range(
          ((Meaning.Int) from).dim().value(), ((Meaning.Int) to.get()).dim().value(), statement);
    }

    private List<Meaning> range(long from, long to, Statement.For statement) {
      if (to - from > MAXIMUM_TURNS) {
        problems()
            .report(
                DiagnosticCode.BAD_STATIC_VALUE,
                statement.from().span(),
                "`for` is unrolled and takes at most "
                    + MAXIMUM_TURNS
                    + " turns, got "
                    + (to - from));
        return null;
      }
      List<Meaning> turns = new ArrayList<>();
      for (long i = from; i < to; i++) {
        turns.add(Meaning.Int.of(i));
      }
      return turns;
    }

    private void reportNotStatic(Statement.For statement, Meaning from, Optional<Meaning> to) {
      String got = from.describe() + to.map(end -> ".." + end.describe()).orElse("");
      problems()
          .report(
              DiagnosticCode.NOT_STATIC,
              statement.from().span(),
              "`for` runs over a static list or range, got " + got,
              "sequences known only at a call are run over by `scan`");
    }

    @Override
    public Meaning visit(Statement.Emit statement) {
      problems()
          .report(
              DiagnosticCode.NOT_IN_THIS_RELEASE,
              statement.span(),
              "`emit` belongs to `scan`, which is not in this release");
      return NOTHING;
    }

    @Override
    public Meaning visit(Statement.Evaluate statement) {
      return evaluate(statement.value(), frame);
    }

    @Override
    public Meaning visit(Statement.Broken statement) {
      statement.names().forEach(name -> frame.scope().let(name.text(), Meaning.FAILED));
      return Meaning.FAILED;
    }
  }
}
