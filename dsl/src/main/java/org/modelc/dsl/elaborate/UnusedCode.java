package org.modelc.dsl.elaborate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.Member;
import org.modelc.dsl.ast.ModelFile;
import org.modelc.dsl.ast.Node;
import org.modelc.dsl.ast.References;
import org.modelc.ir.diagnostic.Diagnostic;

/** The functions and layers of a file that its models do not lead to, each looked at by itself. */
final class UnusedCode {
  private final ModelFile file;
  private final Declaration.Model model;
  private final SyntaxDamage damage;

  UnusedCode(ModelFile file, Declaration.Model model, SyntaxDamage damage) {
    this.file = file;
    this.model = model;
    this.damage = damage;
  }

  /** Mistakes that lie in unused declarations. */
  List<Diagnostic> problems() {
    Set<Node> used = used();
    List<Diagnostic> problems = new ArrayList<>();
    for (Declaration unused : declarations()) {
      if (!used.contains(unused) && !damage.touches(unused)) {
        ModelElaborator.checkUnused(file, model, damage, unused).stream()
            .filter(problem -> lies(problem, unused))
            .forEach(problems::add);
      }
    }
    return problems;
  }

  private static boolean lies(Diagnostic problem, Node place) {
    return problem.span().source() == place.span().source()
        && problem.span().start() >= place.span().start()
        && problem.span().end() <= place.span().end();
  }

  /**
   * Functions of the model and, so that each is looked at once, with the first model the file's.
   */
  private List<Declaration> declarations() {
    List<Declaration> all = new ArrayList<>(functions());
    if (file.models().get(0) == model) {
      all.addAll(file.layers());
      all.addAll(file.functions());
    }
    return all;
  }

  private List<Declaration.Function> functions() {
    return model.members().stream()
        .filter(Declaration.Function.class::isInstance)
        .map((Member member) -> (Declaration.Function) member)
        .toList();
  }

  /** All that some model of the file leads to, by the names that occur. */
  private Set<Node> used() {
    Map<String, Node> named = new HashMap<>();
    file.layers().forEach(layer -> named.put(layer.name().text(), layer));
    file.functions().forEach(function -> named.put(function.name().text(), function));
    Deque<Node> open = new ArrayDeque<>();
    file.models().stream().filter(other -> other != model).forEach(open::add);
    functions().forEach(function -> named.put(function.name().text(), function));
    for (Declaration.Function root : ModelElaborator.roots(file, model)) {
      open.add(root);
    }
    model.members().stream()
        .filter(member -> !(member instanceof Declaration.Function))
        .forEach(open::add);
    Set<Node> used = Collections.newSetFromMap(new IdentityHashMap<>());
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (used.add(node)) {
        for (String name : References.in(node)) {
          Node found = named.get(name);
          if (found != null) {
            open.add(found);
          }
        }
      }
    }
    return used;
  }
}
