package org.modelc.compiler;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.dsl.ast.Argument;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.Member;
import org.modelc.dsl.ast.Node;
import org.modelc.dsl.elaborate.ElaboratedFunction;
import org.modelc.dsl.elaborate.ElaboratedModel;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.Value;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.spec.RecipeSpec.MinimizeSpec;
import org.modelc.runtime.spec.TargetRule;

/**
 * Ranges that targets must lie in, read off the loss functions: a binary cross-entropy takes
 * targets from 0 to 1, a class index is below the number of classes it is compared with.
 */
final class TargetRules {
  private static final Set<String> BINARY =
      Set.of("binary_cross_entropy", "binary_cross_entropy_of_probability");
  private static final Set<String> MOVES = Set.of("broadcast", "reshape", "expand_dims", "cast");

  private TargetRules() {}

  static List<TargetRule> of(FrontEnd front, ElaboratedModel model) {
    if (front.recipe() == null) {
      return List.of();
    }
    Map<String, TargetRule> rules = new LinkedHashMap<>();
    for (MinimizeSpec minimize : front.recipe().minimize()) {
      model.function(minimize.loss()).ifPresent(loss -> addClasses(loss, rules));
      functionNamed(front.file().model(model.name()).orElseThrow(), minimize.loss(), rules);
    }
    return new ArrayList<>(rules.values());
  }

  private static void addClasses(ElaboratedFunction loss, Map<String, TargetRule> rules) {
    Graph graph = loss.inference();
    Map<Value, org.modelc.ir.graph.Node> producers = graph.producers();
    Map<Value, String> inputs = new IdentityHashMap<>();
    for (Graph.Input input : graph.inputs()) {
      if (input.role() == Role.INPUT && input.value().tensor().dtype().isInteger()) {
        inputs.put(input.value(), input.name());
      }
    }
    for (org.modelc.ir.graph.Node node : graph.nodes()) {
      if (node.op().name().equals("equal")) {
        List<Dim> shape = node.results().get(0).tensor().shape();
        Dim classes = shape.isEmpty() ? Dim.ONE : shape.get(shape.size() - 1);
        Value left = source(node.operands().get(0), producers);
        Value right = source(node.operands().get(1), producers);
        addClasses(inputs.get(left), isIota(right, producers), classes, rules);
        addClasses(inputs.get(right), isIota(left, producers), classes, rules);
      }
    }
  }

  private static void addClasses(
      String input, boolean comparedWithIota, Dim classes, Map<String, TargetRule> rules) {
    if (input != null && comparedWithIota && classes.isStatic()) {
      long last = classes.value() - 1;
      rules.put(
          input,
          new TargetRule(
              input,
              0,
              last,
              "the model has " + classes + " classes, their indices are 0 to " + last));
    }
  }

  private static boolean isIota(Value value, Map<Value, org.modelc.ir.graph.Node> producers) {
    org.modelc.ir.graph.Node producer = producers.get(value);
    return producer != null && producer.op().name().equals("iota");
  }

  /** Where a value comes from, past ops that only move or convert it. */
  private static Value source(Value value, Map<Value, org.modelc.ir.graph.Node> producers) {
    Value at = value;
    for (org.modelc.ir.graph.Node node = producers.get(at);
        node != null && MOVES.contains(node.op().name());
        node = producers.get(at)) {
      at = node.operands().get(0);
    }
    return at;
  }

  private static void functionNamed(
      Declaration.Model model, String loss, Map<String, TargetRule> rules) {
    for (Member member : model.members()) {
      if (member instanceof Declaration.Function function && function.name().text().equals(loss)) {
        SyntaxWalk.visit(function.body(), node -> addBinary(node, rules));
      }
    }
  }

  private static void addBinary(Node node, Map<String, TargetRule> rules) {
    if (!(node instanceof Expression.Call call)
        || !(call.target() instanceof Expression.Reference callee)
        || !BINARY.contains(callee.name().text())
        || call.arguments().isEmpty()) {
      return;
    }
    // The target is the last argument, whether the first is piped in or not.
    Argument last = call.arguments().get(call.arguments().size() - 1);
    if (last.value() instanceof Expression.Reference target) {
      String input = target.name().text();
      rules.put(
          input, new TargetRule(input, 0, 1, callee.name().text() + " takes targets from 0 to 1"));
    }
  }
}
