package org.modelc.dsl.elaborate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.ModelFile;
import org.modelc.dsl.ast.Name;
import org.modelc.ir.diagnostic.DiagnosticCode;

/** Makes the scopes of files: the standard library's, and the user's above it. */
final class Declarations {
  private final Elaboration elaboration;
  private final SyntaxDamage damage;

  Declarations(Elaboration elaboration, SyntaxDamage damage) {
    this.elaboration = elaboration;
    this.damage = damage;
  }

  /** The names of a file over those of the standard library. */
  Scope scope(ModelFile file) {
    Scope library = new Scope(null);
    StandardLibrary.files().forEach(each -> fill(library, each));
    Scope scope = new Scope(library);
    fill(scope, file);
    damage.lostNames().forEach(name -> scope.let(name, Meaning.FAILED));
    checkDuplicates(file);
    return scope;
  }

  private void fill(Scope scope, ModelFile file) {
    for (Declaration.Layer layer : file.layers()) {
      boolean spoilt = damage.touches(layer);
      scope.let(
          layer.name().text(), spoilt ? Meaning.FAILED : new Meaning.Constructor(layer, scope));
    }
    for (Declaration.Function function : file.functions()) {
      boolean spoilt = damage.touches(function);
      scope.let(
          function.name().text(),
          spoilt ? Meaning.FAILED : new Meaning.Function(function, scope, false));
    }
  }

  private void checkDuplicates(ModelFile file) {
    checkDistinct(file.models().stream().map(Declaration.Model::name).toList());
    checkDistinct(file.data().stream().map(Declaration.Data::name).toList());
    List<Name> callable = new java.util.ArrayList<>();
    file.layers().forEach(layer -> callable.add(layer.name()));
    file.functions().forEach(function -> callable.add(function.name()));
    checkDistinct(callable);
  }

  /** Reports names that stand twice in one place. */
  void checkDistinct(List<Name> names) {
    Map<String, Name> seen = new HashMap<>();
    for (Name name : names) {
      Name first = seen.putIfAbsent(name.text(), name);
      if (first != null) {
        elaboration
            .problems()
            .report(
                DiagnosticCode.DUPLICATE_NAME,
                name.span(),
                "`" + name + "` is declared already in line " + first.span().line());
      }
    }
  }
}
