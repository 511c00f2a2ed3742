package org.modelc.dsl.elaborate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.modelc.dsl.ast.BinaryOperator;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.Name;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.Suggestions;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpRegistry;
import org.modelc.runtime.spec.Dim;

/** Gives expressions their meaning. */
final class Expressions {
  /** The name of the static bool that tells the compilations apart. */
  static final String TRAINING = "training";

  private final Elaboration elaboration;

  Expressions(Elaboration elaboration) {
    this.elaboration = elaboration;
  }

  /** The meaning of an expression; {@link Meaning#FAILED}, reported, if it has none. */
  Meaning evaluate(Expression expression, Frame frame) {
    return expression.accept(new Evaluation(frame));
  }

  private Problems problems() {
    return elaboration.problems();
  }

  /** What a name means; empty if it means nothing. */
  Optional<Meaning> resolve(String name, Scope scope) {
    Scope.Binding binding = scope.find(name);
    if (binding != null) {
      String stored = binding.storagePath();
      return Optional.of(
          stored == null
              ? binding.meaning()
              : elaboration.read(elaboration.parameters().find(stored)));
    }
    if (name.equals(TRAINING)) {
      return Optional.of(new Meaning.Bool(elaboration.program().isTraining()));
    }
    Optional<Meaning> intrinsic = Intrinsic.of(name).map(Meaning.Builtin::new);
    return intrinsic.isPresent()
        ? intrinsic
        : Optional.ofNullable(OpRegistry.find(name)).map(Meaning.Operator::new);
  }

  private List<String> known(Scope scope) {
    Stream<String> ops = OpRegistry.all().stream().map(OpDef::name);
    Stream<String> intrinsics = Stream.of(Intrinsic.values()).map(Intrinsic::text);
    return Stream.of(scope.names().stream(), ops, intrinsics).flatMap(names -> names).toList();
  }

  /** One visit in one frame. */
  private final class Evaluation implements Expression.Visitor<Meaning> {
    private final Frame frame;

    Evaluation(Frame frame) {
      this.frame = frame;
    }

    private Meaning part(Expression expression) {
      return evaluate(expression, frame.plain());
    }

    @Override
    public Meaning visit(Expression.IntegerLiteral expression) {
      return Meaning.Int.of(expression.value());
    }

    @Override
    public Meaning visit(Expression.FloatLiteral expression) {
      return new Meaning.Real(expression.value());
    }

    @Override
    public Meaning visit(Expression.BoolLiteral expression) {
      return new Meaning.Bool(expression.value());
    }

    @Override
    public Meaning visit(Expression.TextLiteral expression) {
      return new Meaning.Text(expression.value());
    }

    @Override
    public Meaning visit(Expression.Reference expression) {
      Name name = expression.name();
      Optional<Meaning> found = resolve(name.text(), frame.scope());
      if (found.isEmpty()) {
        return problems()
            .report(
                DiagnosticCode.UNKNOWN_NAME,
                name.span(),
                "unknown name `" + name + "`",
                Suggestions.didYouMean(name.text(), known(frame.scope())));
      }
      boolean foreign =
          found.get() instanceof Meaning.Tensor tensor && tensor.home() != elaboration.program();
      return foreign
          ? problems()
              .report(
                  DiagnosticCode.INITIALISER,
                  name.span(),
                  "`" + name + "` is a tensor; an initialiser sees static values alone")
          : found.get();
    }

    @Override
    public Meaning visit(Expression.Field expression) {
      Meaning target = part(expression.target());
      Name name = expression.name();
      if (target.isFailed()) {
        return Meaning.FAILED;
      }
      if (target instanceof Meaning.Group group) {
        return group.part(name.text()).orElseGet(() -> noField(group, name));
      }
      if (target instanceof Meaning.Instance instance) {
        return elaboration.calls().parameterOf(instance.layer(), name);
      }
      return problems()
          .report(
              DiagnosticCode.UNKNOWN_FIELD,
              name.span(),
              target.describe() + " has no field `" + name + "`");
    }

    private Meaning noField(Meaning.Group group, Name name) {
      List<String> names = group.parts().stream().map(Meaning.Group.Part::name).toList();
      return problems()
          .report(
              DiagnosticCode.UNKNOWN_FIELD,
              name.span(),
              "there is no field `" + name + "` in " + group.describe(),
              Suggestions.didYouMean(name.text(), names));
    }

    @Override
    public Meaning visit(Expression.Index expression) {
      Meaning target = part(expression.target());
      Meaning index = part(expression.index());
      if (target.isFailed() || index.isFailed()) {
        return Meaning.FAILED;
      }
      List<Meaning> elements = elements(target);
      if (elements == null || !(index instanceof Meaning.Int number) || !index.isStatic()) {
        return problems()
            .report(
                DiagnosticCode.NOT_STATIC,
                expression.span(),
                "only static lists and tuples are indexed, by static numbers; got "
                    + target.describe()
                    + " and "
                    + index.describe(),
                "take parts of tensors with slice or gather");
      }
      long at = number.dim().value() + (number.dim().value() < 0 ? elements.size() : 0);
      return at >= 0 && at < elements.size()
          ? elements.get((int) at)
          : problems()
              .report(
                  DiagnosticCode.BAD_STATIC_VALUE,
                  expression.index().span(),
                  "there is no entry " + number.dim() + " among " + elements.size());
    }

    @Override
    public Meaning visit(Expression.Call expression) {
      return elaboration.calls().call(expression, Optional.empty(), frame);
    }

    @Override
    public Meaning visit(Expression.Pipe expression) {
      Meaning input = part(expression.input());
      Calls.Given piped = new Calls.Given(null, input, expression.input());
      Frame stage = frame.plain();
      if (expression.binding().isPresent()) {
        stage = stage.named(expression.binding().get());
      }
      if (expression.stage() instanceof Expression.Call call) {
        return elaboration.calls().call(call, Optional.of(piped), stage);
      }
      Meaning callee = part(expression.stage());
      List<Calls.Given> inputs = List.of(piped);
      return elaboration.calls().apply(callee, inputs, List.of(), stage, expression.stage().span());
    }

    /** Operands of elementwise operators have the type that the place wants of the result. */
    private Meaning operand(Expression expression) {
      return evaluate(expression, frame.plain().expecting(frame.expected()));
    }

    @Override
    public Meaning visit(Expression.Unary expression) {
      return Arithmetic.unary(elaboration, expression, operand(expression.operand()));
    }

    @Override
    public Meaning visit(Expression.Binary expression) {
      boolean elementwise =
          expression.operator() != BinaryOperator.MATMUL
              && expression.operator() != BinaryOperator.CONCAT;
      Meaning left = elementwise ? operand(expression.left()) : part(expression.left());
      Meaning right = elementwise ? operand(expression.right()) : part(expression.right());
      return Arithmetic.binary(elaboration, expression, left, right, frame.scope());
    }

    @Override
    public Meaning visit(Expression.If expression) {
      Meaning condition = part(expression.condition());
      if (condition.isFailed()) {
        return Meaning.FAILED;
      }
      if (!(condition instanceof Meaning.Bool truth)) {
        return problems()
            .report(
                DiagnosticCode.NOT_STATIC,
                expression.condition().span(),
                "the condition of `if` is a static bool, got " + condition.describe(),
                "choose by element with select(condition, a, b)");
      }
      if (truth.value()) {
        return elaboration.statements().block(expression.then(), frame);
      }
      return expression
          .otherwise()
          .map(block -> elaboration.statements().block(block, frame))
          .orElse(new Meaning.Nothing());
    }

    @Override
    public Meaning visit(Expression.Scan expression) {
      return problems()
          .report(
              DiagnosticCode.NOT_IN_THIS_RELEASE,
              expression.span(),
              "`scan` is not in this release",
              "unroll a short static sequence with `for`");
    }

    @Override
    public Meaning visit(Expression.ListLiteral expression) {
      return new Meaning.ListOf(expression.elements().stream().map(this::part).toList());
    }

    @Override
    public Meaning visit(Expression.RecordLiteral expression) {
      List<Meaning.Group.Part> parts = new ArrayList<>();
      for (Expression.RecordField field : expression.fields()) {
        parts.add(new Meaning.Group.Part(field.name().text(), part(field.value())));
      }
      return new Meaning.Group(parts);
    }

    @Override
    public Meaning visit(Expression.TupleLiteral expression) {
      List<Meaning.Group.Part> parts = new ArrayList<>();
      for (Expression element : expression.elements()) {
        parts.add(new Meaning.Group.Part("", part(element)));
      }
      return new Meaning.Group(parts);
    }

    @Override
    public Meaning visit(Expression.As expression) {
      return problems()
          .report(
              DiagnosticCode.NOT_IN_THIS_RELEASE,
              expression.span(),
              "`as` with a type stands in a model's `input`",
              "in a function write reshape(x, [ … ])");
    }

    @Override
    public Meaning visit(Expression.Broken expression) {
      return Meaning.FAILED;
    }
  }

  /** The parts of a list or tuple; null for anything else. */
  static List<Meaning> elements(Meaning meaning) {
    if (meaning instanceof Meaning.ListOf list) {
      return list.elements();
    }
    return meaning instanceof Meaning.Group group
        ? group.parts().stream().map(Meaning.Group.Part::meaning).toList()
        : null;
  }

  /** The dims of a list of numbers; empty if it is none. */
  static Optional<List<Dim>> dims(Meaning meaning) {
    List<Dim> dims = new ArrayList<>();
    List<Meaning> elements =
        meaning instanceof Meaning.Int number ? List.of(number) : elements(meaning);
    for (Meaning element : elements == null ? List.<Meaning>of() : elements) {
      if (element instanceof Meaning.Int number) {
        dims.add(number.dim());
      }
    }
    return elements != null && dims.size() == elements.size()
        ? Optional.of(dims)
        : Optional.empty();
  }
}
