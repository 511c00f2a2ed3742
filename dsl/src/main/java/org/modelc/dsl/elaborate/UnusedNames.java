package org.modelc.dsl.elaborate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.modelc.dsl.ast.Block;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.Member;
import org.modelc.dsl.ast.ModelFile;
import org.modelc.dsl.ast.Name;
import org.modelc.dsl.ast.Node;
import org.modelc.dsl.ast.Parameter;
import org.modelc.dsl.ast.References;
import org.modelc.dsl.ast.Statement;
import org.modelc.ir.diagnostic.DiagnosticCode;

/**
 * Warns of parameters, lets and vars that nothing reads. Names that begin with {@code _} are
 * exempt.
 */
final class UnusedNames {
  private final Problems problems;
  private final SyntaxDamage damage;

  UnusedNames(Problems problems, SyntaxDamage damage) {
    this.problems = problems;
    this.damage = damage;
  }

  /** Looks through a model and the layers and functions of its file. */
  void check(ModelFile file, Declaration.Model model) {
    for (Declaration.Layer layer : file.layers()) {
      List<Parameter> parameters = new ArrayList<>(layer.statics());
      parameters.addAll(layer.inputs());
      check(layer, parameters, layer.body());
    }
    file.functions().forEach(each -> check(each, each.parameters(), each.body()));
    if (damage.touches(model)) {
      return;
    }
    Set<String> used = References.in(model);
    model.parameters().forEach(parameter -> check(parameter.name(), used));
    for (Member member : model.members()) {
      if (member instanceof Declaration.Function function) {
        check(function, function.parameters(), function.body());
      } else if (member instanceof Statement.Let let) {
        let.binding().names().forEach(name -> check(name, used));
      }
    }
  }

  private void check(Node declaration, List<Parameter> parameters, Block body) {
    if (damage.touches(declaration)) {
      return;
    }
    Set<String> used = References.in(declaration);
    parameters.forEach(parameter -> check(parameter.name(), used));
    for (Statement statement : body.statements()) {
      if (statement instanceof Statement.Let let) {
        let.binding().names().forEach(name -> check(name, used));
      } else if (statement instanceof Statement.Var variable) {
        variable.binding().names().forEach(name -> check(name, used));
      }
    }
  }

  private void check(Name name, Set<String> used) {
    if (!used.contains(name.text()) && !name.text().startsWith("_")) {
      problems.report(DiagnosticCode.UNUSED_NAME, name.span(), "`" + name + "` is never used");
    }
  }
}
