package org.modelc.ir.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.modelc.ir.op.AttributeText;

/**
 * Prints a graph in the text form that {@link GraphParser} reads back:
 *
 * <pre>
 * graph predict(%image: f32[B, 64] input, %w "dense.weight": f32[64, 10] parameter) {
 *   %0: f32[B, 10] = matmul(%image, %w)
 *   return logits = %0
 * }
 * </pre>
 */
public final class GraphPrinter {
  private final Map<Value, String> names = new IdentityHashMap<>();
  private final Map<String, Integer> used = new HashMap<>();
  private final StringBuilder text = new StringBuilder();

  private GraphPrinter() {}

  public static String print(Graph graph) {
    GraphPrinter printer = new GraphPrinter();
    printer.graph(graph, "");
    return printer.text.toString();
  }

  /** One node as it stands in the printed graph. */
  public static String print(Graph graph, Node node) {
    GraphPrinter printer = new GraphPrinter();
    printer.graph(graph, "");
    printer.text.setLength(0);
    printer.node(node, "");
    return printer.text.toString().strip();
  }

  private void graph(Graph graph, String indent) {
    text.append("graph ").append(graph.name()).append('(');
    List<String> inputs = new ArrayList<>();
    for (Graph.Input input : graph.inputs()) {
      String role = input.role().name().toLowerCase(Locale.ROOT);
      String name = name(input.value(), input.name());
      String full =
          name.equals("%" + input.name()) ? name : name + " " + AttributeText.print(input.name());
      inputs.add(full + ": " + input.value().type() + " " + role);
    }
    text.append(String.join(", ", inputs)).append(") {\n");
    graph
        .bounds()
        .forEach(
            bound ->
                text.append(indent)
                    .append("  where ")
                    .append(bound.minimum())
                    .append(" <= ")
                    .append(bound.dim())
                    .append(" <= ")
                    .append(bound.maximum())
                    .append('\n'));
    graph.nodes().forEach(node -> node(node, indent + "  "));
    for (Graph.Output output : graph.outputs()) {
      text.append(indent).append(output.updates() == null ? "  return " : "  update ");
      String label = output.updates() == null ? output.name() : output.updates();
      text.append(AttributeText.print(label))
          .append(" = ")
          .append(name(output.value(), ""))
          .append('\n');
    }
    text.append(indent).append("}\n");
  }

  private void node(Node node, String indent) {
    text.append(indent);
    text.append(
        node.results().stream()
            .map(result -> name(result, result.hint()) + ": " + result.type())
            .collect(Collectors.joining(", ")));
    text.append(" = ").append(node.op().name()).append('(');
    text.append(
        node.operands().stream().map(value -> name(value, "")).collect(Collectors.joining(", ")));
    text.append(')').append(AttributeText.print(node.attributes()));
    for (Graph region : node.regions()) {
      text.append(' ');
      graph(region, indent);
      text.setLength(text.length() - 1);
    }
    text.append('\n');
  }

  private String name(Value value, String wish) {
    String known = names.get(value);
    if (known != null) {
      return known;
    }
    String base = wish.matches("[0-9]*") ? "" : wish.replaceAll("[^A-Za-z0-9_]", "_");
    int count = used.merge(base, 1, Integer::sum);
    String name =
        "%" + base + (base.isEmpty() ? String.valueOf(count - 1) : count == 1 ? "" : "." + count);
    names.put(value, name);
    return name;
  }
}
