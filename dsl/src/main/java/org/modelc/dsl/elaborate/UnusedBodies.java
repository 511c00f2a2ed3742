package org.modelc.dsl.elaborate;

import java.util.List;
import java.util.Optional;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.Parameter;
import org.modelc.dsl.ast.TypeExpression;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Looks into functions and layers that nothing uses. No use says what their dims and static
 * arguments are: dims and whole numbers stand as symbols, other values are left open.
 */
final class UnusedBodies {
  private final Elaboration elaboration;

  UnusedBodies(Elaboration elaboration) {
    this.elaboration = elaboration;
  }

  /**
   * Unfolds a function.
   *
   * @param owner the scope it is declared in
   */
  void check(Declaration.Function function, Scope owner, boolean inModel) {
    String name = function.name().text();
    Scope scope = new Scope(owner);
    elaboration.begin(new Program(name, Program.Kind.TRAINING));
    bindInputs(function.parameters(), scope);
    unfold(function, name, scope, inModel, function.bounds(), function.body(), function.result());
  }

  /** Unfolds a layer. */
  void check(Declaration.Layer layer, Scope owner) {
    String name = layer.name().text();
    Scope scope = new Scope(owner);
    elaboration.begin(new Program(name, Program.Kind.TRAINING));
    layer.statics().forEach(parameter -> bindStatic(parameter, scope));
    bindInputs(layer.inputs(), scope);
    unfold(layer, name, scope, true, layer.bounds(), layer.body(), layer.result());
  }

  private void unfold(
      Object key,
      String name,
      Scope scope,
      boolean ownsParameters,
      List<Expression> bounds,
      org.modelc.dsl.ast.Block body,
      Optional<TypeExpression> result) {
    elaboration.problems().enter(key, scope, name, SourceSpan.NONE);
    try {
      Frame frame = new Frame(scope, new Naming(name, ownsParameters));
      elaboration.calls().unfold(bounds, body, result.filter(type -> isClosed(type, scope)), frame);
    } finally {
      elaboration.problems().leave();
    }
  }

  /** A result that leaves dims open is bound by what a use expects. */
  private boolean isClosed(TypeExpression type, Scope scope) {
    return !(type instanceof TypeExpression.Tensor tensor)
        || !elaboration.types().isOpen(tensor, scope);
  }

  private void bindStatic(Parameter parameter, Scope scope) {
    String name = parameter.name().text();
    Meaning value = Meaning.FAILED;
    if (parameter.defaultValue().isPresent()) {
      Expression given = parameter.defaultValue().get();
      Meaning meaning =
          elaboration.expressions().evaluate(given, new Frame(scope, new Naming("", false)));
      value =
          elaboration.calls().statically(parameter.type(), meaning, given.span(), "`" + name + "`");
    } else if (parameter.type() instanceof TypeExpression.Named named
        && named.name().text().equals("int")) {
      value = new Meaning.Int(elaboration.unlearned().add(name));
    }
    scope.let(name, value);
  }

  private void bindInputs(List<Parameter> parameters, Scope scope) {
    for (Parameter parameter : parameters) {
      if (parameter.type() instanceof TypeExpression.Tensor tensor) {
        tensor.dims().forEach(dim -> bindDim(dim, scope));
      }
    }
    for (Parameter parameter : parameters) {
      if (elaboration.calls().isStatic(parameter.type())) {
        bindStatic(parameter, scope);
        continue;
      }
      boolean closed =
          parameter.type() instanceof TypeExpression.Tensor tensor
              && !tensor.dtype().text().equals(Types.ANY)
              && !elaboration.types().isOpen(tensor, scope);
      TensorType type = closed ? elaboration.calls().tensorType(parameter.type(), scope) : null;
      scope.let(parameter.name().text(), type == null ? Meaning.FAILED : input(parameter, type));
    }
  }

  private void bindDim(TypeExpression.Dim dim, Scope scope) {
    if (dim instanceof TypeExpression.Ellipsis ellipsis) {
      // Right code is right for any number of leading dims, so for one; a named list may be
      // indexed.
      String name = Types.key(ellipsis);
      Meaning one = Meaning.ListOf.dims(List.of(elaboration.unlearned().add(name)));
      scope.let(name, ellipsis.name().isPresent() ? Meaning.FAILED : one);
    } else if (dim instanceof TypeExpression.Size size
        && size.value() instanceof Expression.Reference reference
        && scope.number(reference.name().text()) == null) {
      String name = reference.name().text();
      scope.let(name, new Meaning.Int(elaboration.unlearned().add(name), true));
    }
  }

  private Meaning input(Parameter parameter, TensorType type) {
    Program program = elaboration.program();
    return elaboration.tensor(program.builder().input(parameter.name().text(), Role.INPUT, type));
  }
}
