package org.modelc.dsl.elaborate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.Member;
import org.modelc.dsl.ast.ModelFile;
import org.modelc.dsl.ast.Name;
import org.modelc.dsl.ast.Parameter;
import org.modelc.dsl.ast.Statement;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.runtime.spec.Dim;

/**
 * Makes the scope of a model afresh for each program: its statics, inputs, functions, lets, params.
 */
final class ModelScopes {
  private final Elaboration elaboration;
  private final SyntaxDamage damage;
  private final Declarations declarations;
  private final Scope file;
  private final Declaration.Model model;
  private final Map<String, LearnedInput> learned;

  ModelScopes(
      Elaboration elaboration,
      ModelFile file,
      Declaration.Model model,
      Map<String, LearnedInput> learned,
      SyntaxDamage damage) {
    this.elaboration = elaboration;
    this.damage = damage;
    this.declarations = new Declarations(elaboration, damage);
    this.file = declarations.scope(file);
    this.model = model;
    this.learned = learned;
  }

  /** Whether a name is an input of the model. */
  boolean isInput(String name) {
    return model.members().stream()
        .anyMatch(
            member -> member instanceof Member.Input input && input.name().text().equals(name));
  }

  Optional<LearnedInput> learned(String input) {
    return Optional.ofNullable(learned.get(input));
  }

  /** Reports names that the model declares twice. */
  void checkNames() {
    List<Name> names = new ArrayList<>();
    model.parameters().forEach(parameter -> names.add(parameter.name()));
    model.members().forEach(member -> names.addAll(member.accept(new DeclaredNames())));
    declarations.checkDistinct(names);
  }

  /** The scope of the file's layers and functions. */
  Scope file() {
    return file;
  }

  /** The model's scope in the program that is being built. */
  Scope scope() {
    Scope scope = new Scope(file);
    model.parameters().forEach(parameter -> bind(parameter, scope));
    Frame frame = new Frame(scope, new Naming("", true));
    for (Member member : model.members()) {
      if (member instanceof Declaration.Function function) {
        boolean spoilt = damage.touches(function);
        scope.let(
            function.name().text(),
            spoilt ? Meaning.FAILED : new Meaning.Function(function, scope, true));
      }
    }
    model.members().forEach(member -> member.accept(new Binder(frame)));
    return scope;
  }

  private void bind(Parameter parameter, Scope scope) {
    Meaning value;
    if (parameter.defaultValue().isPresent()) {
      Expression given = parameter.defaultValue().get();
      Frame frame = new Frame(scope, new Naming("", false));
      Meaning evaluated = elaboration.expressions().evaluate(given, frame);
      String what = "`" + parameter.name() + "`";
      value = elaboration.calls().statically(parameter.type(), evaluated, given.span(), what);
    } else {
      value =
          elaboration
              .problems()
              .report(
                  DiagnosticCode.MISSING_ARGUMENT,
                  parameter.span(),
                  "the parameter `"
                      + parameter.name()
                      + "` of model "
                      + model.name()
                      + " needs a default");
    }
    scope.let(parameter.name().text(), value);
  }

  /** What members add to the scope, in the order they are written. */
  private final class Binder implements Member.Visitor<Void> {
    private final Frame frame;

    Binder(Frame frame) {
      this.frame = frame;
    }

    /** Outside functions an input is known by what was learned of its size. */
    @Override
    public Void visit(Member.Input member) {
      Meaning size = new Meaning.Int(size(member.name().text()));
      List<Meaning.Group.Part> parts =
          List.of(new Meaning.Group.Part("size", size), new Meaning.Group.Part("vocabulary", size));
      frame.scope().let(member.name().text(), new Meaning.Group(parts));
      return null;
    }

    private Dim size(String input) {
      return learned(input)
          .map(found -> Dim.product(found.rowShape().stream().map(Dim::constant).toList()))
          .orElseGet(() -> elaboration.unlearned().ofInput(input, 0, 1));
    }

    @Override
    public Void visit(Declaration.Function member) {
      return null;
    }

    @Override
    public Void visit(Statement.Let member) {
      elaboration.statements().let(member, frame);
      return null;
    }

    @Override
    public Void visit(Statement.Param member) {
      elaboration
          .statements()
          .declare(
              member.name(), member.documentation(), member.type(), member.initial(), false, frame);
      return null;
    }

    @Override
    public Void visit(Statement.State member) {
      elaboration
          .statements()
          .declare(
              member.name(), member.documentation(), member.type(), member.initial(), true, frame);
      return null;
    }

    @Override
    public Void visit(Statement.Broken member) {
      member.names().forEach(name -> frame.scope().let(name.text(), Meaning.FAILED));
      return null;
    }
  }

  /** The names each member declares. */
  private static final class DeclaredNames implements Member.Visitor<List<Name>> {
    @Override
    public List<Name> visit(Member.Input member) {
      return List.of(member.name());
    }

    @Override
    public List<Name> visit(Declaration.Function member) {
      return List.of(member.name());
    }

    @Override
    public List<Name> visit(Statement.Let member) {
      return member.binding().names();
    }

    @Override
    public List<Name> visit(Statement.Param member) {
      return List.of(member.name());
    }

    @Override
    public List<Name> visit(Statement.State member) {
      return List.of(member.name());
    }

    @Override
    public List<Name> visit(Statement.Broken member) {
      return member.names();
    }
  }
}
