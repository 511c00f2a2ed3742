package org.modelc.dsl.elaborate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.Parameter;
import org.modelc.dsl.ast.TypeExpression;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.spec.TensorSpec;

/** Elaborates one function as programs of its own. */
final class RootFunction {
  private final Elaboration elaboration;
  private final ModelScopes scopes;
  private final Declaration.Function function;
  private final List<TensorSpec> inputs = new ArrayList<>();
  private final List<TensorSpec> outputs = new ArrayList<>();

  RootFunction(Elaboration elaboration, ModelScopes scopes, Declaration.Function function) {
    this.elaboration = elaboration;
    this.scopes = scopes;
    this.function = function;
  }

  Optional<ElaboratedFunction> run() {
    Graph training = build(Program.Kind.TRAINING);
    inputs.clear();
    outputs.clear();
    Graph inference = build(Program.Kind.INFERENCE);
    if (training == null || inference == null) {
      return Optional.empty();
    }
    return Optional.of(
        new ElaboratedFunction(
            function.name().text(),
            function.documentation(),
            function.exported(),
            inputs,
            outputs,
            training,
            inference));
  }

  /** The graph of one compilation; null, reported, if the function has mistakes. */
  private Graph build(Program.Kind kind) {
    Program program = new Program(function.name().text(), kind);
    elaboration.begin(program);
    Scope scope = new Scope(scopes.scope());
    boolean complete = true;
    for (Parameter parameter : function.parameters()) {
      complete &= bindInput(parameter, scope);
    }
    if (!complete) {
      return null;
    }
    String name = function.name().text();
    elaboration.problems().enter(function, scope, name, SourceSpan.NONE);
    try {
      Frame frame = new Frame(scope, new Naming(name, true));
      Meaning value =
          elaboration.calls().unfold(function.bounds(), function.body(), function.result(), frame);
      return giveOutputs(value) ? program.build() : null;
    } finally {
      elaboration.problems().leave();
    }
  }

  private boolean bindInput(Parameter parameter, Scope scope) {
    String name = parameter.name().text();
    TensorType type = inputType(parameter, scope);
    if (type == null) {
      scope.let(name, Meaning.FAILED);
      return false;
    }
    elaboration.at(parameter.span());
    Program program = elaboration.program();
    scope.let(name, elaboration.tensor(program.builder().input(name, Role.INPUT, type)));
    inputs.add(new TensorSpec(name, type.dtype(), type.shape(), ""));
    return true;
  }

  private TensorType inputType(Parameter parameter, Scope scope) {
    if (!(parameter.type() instanceof TypeExpression.Tensor tensor)) {
      return elaboration.calls().tensorType(parameter.type(), scope);
    }
    String name = parameter.name().text();
    if (!scopes.isInput(name)) {
      return elaboration.types().bindFree(tensor, scope);
    }
    Optional<LearnedInput> learned = scopes.learned(name);
    return learned.isPresent()
        ? learnedType(parameter, tensor, learned.get(), scope)
        : unlearnedType(name, tensor, scope);
  }

  /** The batch dim stays free, the others are what was learned. */
  private TensorType learnedType(
      Parameter parameter, TypeExpression.Tensor pattern, LearnedInput learned, Scope scope) {
    List<Dim> shape = new ArrayList<>();
    shape.add(batch(pattern, scope));
    learned.rowShape().forEach(size -> shape.add(Dim.constant(size)));
    TensorType type = TensorType.of(learned.dtype(), shape);
    String what = "the input `" + parameter.name() + "`";
    boolean fits = elaboration.types().match(pattern, type, scope, what, parameter.span());
    return fits ? type : null;
  }

  private static Dim batch(TypeExpression.Tensor pattern, Scope scope) {
    String name = "B";
    if (!pattern.dims().isEmpty()
        && pattern.dims().get(0) instanceof TypeExpression.Size size
        && size.value() instanceof Expression.Reference reference) {
      name = reference.name().text();
    }
    Meaning.Int bound = scope.number(name);
    return bound == null ? Dim.symbol(name) : bound.dim();
  }

  private TensorType unlearnedType(String input, TypeExpression.Tensor pattern, Scope scope) {
    int rank = pattern.dims().size() - 1;
    for (int i = 1; i <= rank; i++) {
      if (pattern.dims().get(i) instanceof TypeExpression.Size size
          && size.value() instanceof Expression.Reference reference
          && scope.number(reference.name().text()) == null) {
        Dim learned = elaboration.unlearned().ofInput(input, i - 1, rank);
        scope.let(reference.name().text(), new Meaning.Int(learned, true));
      }
    }
    return elaboration.types().bindFree(pattern, scope);
  }

  private boolean giveOutputs(Meaning value) {
    if (value.isFailed()) {
      return false;
    }
    if (value instanceof Meaning.Tensor tensor) {
      return giveOutput(function.name().text(), tensor);
    }
    if (value instanceof Meaning.Group group && !group.parts().isEmpty()) {
      boolean complete = true;
      for (int i = 0; i < group.parts().size(); i++) {
        Meaning.Group.Part part = group.parts().get(i);
        String name = part.name().isEmpty() ? function.name() + "_" + (i + 1) : part.name();
        complete &= giveOutput(name, part.meaning());
      }
      return complete;
    }
    return reportNoTensor(value);
  }

  private boolean giveOutput(String name, Meaning value) {
    if (!(value instanceof Meaning.Tensor tensor)) {
      return reportNoTensor(value);
    }
    elaboration.program().builder().output(name, tensor.value());
    TensorType type = tensor.value().tensor();
    outputs.add(new TensorSpec(name, type.dtype(), type.shape(), ""));
    return true;
  }

  private boolean reportNoTensor(Meaning value) {
    elaboration
        .problems()
        .report(
            DiagnosticCode.NOT_A_TENSOR,
            function.name().span(),
            "`" + function.name() + "` must give tensors, got " + value.describe());
    return false;
  }
}
