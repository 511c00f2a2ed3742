package org.modelc.ir.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.modelc.ir.diagnostic.Suggestions;
import org.modelc.ir.op.AttributeText;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.OpRegistry;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Bound;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Reads the text form that {@link GraphPrinter} writes. Nodes are kept as written, equal ones too,
 * and the types written must be those that the ops infer; left out, they are inferred.
 */
public final class GraphParser {
  private final GraphScanner scanner;
  private Map<String, Value> values = new LinkedHashMap<>();

  private GraphParser(GraphScanner scanner) {
    this.scanner = scanner;
  }

  /**
   * Reads one graph.
   *
   * @throws GraphParseException if the text is no graph, with the place
   */
  public static Graph parse(String text) {
    List<Graph> graphs = parseAll(text);
    if (graphs.size() != 1) {
      throw new GraphParseException(
          graphs.size() + " graphs stand where one was expected", text, 0);
    }
    return graphs.get(0);
  }

  /**
   * Reads graphs that follow each other.
   *
   * @throws GraphParseException if the text is no graph, with the place
   */
  public static List<Graph> parseAll(String text) {
    GraphScanner scanner = new GraphScanner(text);
    List<Graph> graphs = new ArrayList<>();
    while (!scanner.atEnd()) {
      graphs.add(new GraphParser(scanner).graph());
    }
    return graphs;
  }

  private Graph graph() {
    Map<String, Value> outer = values;
    values = new LinkedHashMap<>();
    scanner.enter();
    scanner.expect("graph");
    String name = scanner.word();
    List<Graph.Input> inputs = inputs();
    scanner.expect("{");
    List<Bound> bounds = new ArrayList<>();
    List<Node> nodes = new ArrayList<>();
    List<Graph.Output> outputs = new ArrayList<>();
    while (!scanner.accept("}")) {
      if (scanner.acceptWord("where")) {
        bounds.add(bound());
      } else if (scanner.acceptWord("return")) {
        outputs.add(output(false));
      } else if (scanner.acceptWord("update")) {
        outputs.add(output(true));
      } else {
        nodes.add(node());
      }
    }
    scanner.leave();
    values = outer;
    return new Graph(name, inputs, nodes, outputs, bounds);
  }

  private List<Graph.Input> inputs() {
    List<Graph.Input> inputs = new ArrayList<>();
    scanner.expect("(");
    while (!scanner.accept(")")) {
      if (!inputs.isEmpty()) {
        scanner.expect(",");
      }
      inputs.add(input());
    }
    return inputs;
  }

  private Graph.Input input() {
    int start = scanner.position();
    String name = scanner.valueName();
    String full = scanner.sees("\"") ? scanner.quoted() : name;
    scanner.expect(":");
    ValueType type = new TypeParser(scanner).type();
    Value value = new Value(type, full, List.of());
    define(name, value, start);
    return new Graph.Input(full, role(), value);
  }

  private Role role() {
    int start = scanner.position();
    String word = scanner.word();
    for (Role role : Role.values()) {
      if (role.name().toLowerCase(Locale.ROOT).equals(word)) {
        return role;
      }
    }
    String roles = Arrays.toString(Role.values()).toLowerCase(Locale.ROOT);
    throw scanner.error("'" + word + "' is no role of an input; they are " + roles, start);
  }

  private Bound bound() {
    long minimum = scanner.integer();
    scanner.expect("<=");
    int start = scanner.position();
    String dim = scanner.until("<");
    scanner.expect("<=");
    long maximum = scanner.integer();
    try {
      return new Bound(Dim.parse(dim), minimum, maximum);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw scanner.error(e.getMessage(), start);
    }
  }

  private Graph.Output output(boolean update) {
    String label = scanner.sees("\"") ? scanner.quoted() : scanner.word();
    scanner.expect("=");
    Value value = use();
    return new Graph.Output(update ? label + "'" : label, value, update ? label : null);
  }

  private Value use() {
    scanner.skipSpace();
    int start = scanner.position();
    String name = scanner.valueName();
    Value value = values.get(name);
    if (value == null) {
      throw scanner.error("%" + name + " is not defined before this place", start);
    }
    return value;
  }

  private void define(String name, Value value, int start) {
    if (values.put(name, value) != null) {
      throw scanner.error("%" + name + " is defined twice", start);
    }
  }

  /** A result as written; the type may be null. */
  private record Declared(String name, ValueType type) {}

  private Node node() {
    List<Declared> declared = declared();
    scanner.skipSpace();
    int start = scanner.position();
    OpDef<?> op = op(start);
    List<Value> operands = operands();
    Map<String, Object> arguments = scanner.accept("{") ? arguments() : Map.of();
    List<Graph> regions = new ArrayList<>();
    while (scanner.sees("graph")) {
      regions.add(graph());
    }
    try {
      return node(op, operands, arguments, regions, declared, start);
    } catch (OpException e) {
      throw scanner.error(e.getMessage() + (e.hint().isEmpty() ? "" : "; " + e.hint()), start);
    } catch (ArithmeticException | IllegalStateException | IllegalArgumentException e) {
      throw scanner.error(op + ": " + e.getMessage(), start);
    }
  }

  private List<Declared> declared() {
    List<Declared> declared = new ArrayList<>();
    while (!scanner.accept("=")) {
      if (!declared.isEmpty()) {
        scanner.expect(",");
      } else if (!scanner.sees("%")) {
        throw scanner.error("a node, 'where', 'return', 'update' or '}' expected");
      }
      String name = scanner.valueName();
      ValueType type = scanner.accept(":") ? new TypeParser(scanner).type() : null;
      declared.add(new Declared(name, type));
    }
    return declared;
  }

  private OpDef<?> op(int start) {
    String name = scanner.word();
    OpDef<?> op = OpRegistry.find(name);
    if (op == null) {
      List<String> names = OpRegistry.all().stream().map(OpDef::name).toList();
      String hint = Suggestions.didYouMean(name, names).map(text -> "; " + text).orElse("");
      throw scanner.error("no op is named '" + name + "'" + hint, start);
    }
    return op;
  }

  private List<Value> operands() {
    List<Value> operands = new ArrayList<>();
    scanner.expect("(");
    while (!scanner.accept(")")) {
      if (!operands.isEmpty()) {
        scanner.expect(",");
      }
      operands.add(use());
    }
    return operands;
  }

  private Map<String, Object> arguments() {
    Map<String, Object> arguments = new HashMap<>();
    while (!scanner.accept("}")) {
      if (!arguments.isEmpty()) {
        scanner.expect(",");
      }
      String name = scanner.word();
      scanner.expect("=");
      arguments.put(name, argument());
    }
    return arguments;
  }

  private Object argument() {
    int start = scanner.position();
    String text = scanner.until(",}");
    try {
      return AttributeText.parse(text);
    } catch (IllegalArgumentException e) {
      throw scanner.error("'" + text + "' is no value", start);
    }
  }

  private <A extends Record> Node node(
      OpDef<A> op,
      List<Value> operands,
      Map<String, Object> arguments,
      List<Graph> regions,
      List<Declared> declared,
      int start) {
    A attributes = AttributeText.create(op.attributesType(), op.name(), arguments);
    List<ValueType> operandTypes = operands.stream().map(Value::type).toList();
    List<ValueType> types = op.infer(new Call<>(attributes, operandTypes, regions));
    if (types.size() != declared.size()) {
      throw scanner.error(op + " has " + types.size() + " results, not " + declared.size(), start);
    }
    List<Value> results = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      results.add(result(declared.get(i), types.get(i), start));
    }
    return new Node(op, attributes, operands, regions, results);
  }

  private Value result(Declared declared, ValueType type, int start) {
    if (declared.type() != null && !declared.type().equals(type)) {
      throw scanner.error(
          "%" + declared.name() + " is " + type + ", not " + declared.type() + " as written",
          start);
    }
    Value value = new Value(type, hint(declared.name()), List.of());
    define(declared.name(), value, start);
    return value;
  }

  /** The hint that makes the printer choose a name like this one. */
  private static String hint(String name) {
    String base = name.replaceAll("\\.[0-9]+$", "");
    return base.matches("[0-9]*") ? "" : base;
  }
}
