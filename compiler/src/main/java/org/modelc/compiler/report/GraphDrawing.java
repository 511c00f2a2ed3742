package org.modelc.compiler.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * A graph as SVG: a row for each depth, boxes ordered by the mean place of what they read
 * (Sugiyama's method with one sweep), curves between. Parameters are written inside the boxes that
 * read them.
 */
public final class GraphDrawing {
  private static final int BOX_WIDTH = 190;
  private static final int BOX_HEIGHT = 46;
  private static final int COLUMN = BOX_WIDTH + 30;
  private static final int ROW = BOX_HEIGHT + 34;
  private static final int LONGEST_TEXT = 30;

  private final List<Box> boxes = new ArrayList<>();
  private final Map<Value, Box> makers = new IdentityHashMap<>();
  private final Map<Value, String> parameters = new IdentityHashMap<>();

  private static final class Box {
    final String title;
    final String detail;
    final List<Box> reads;
    final int depth;
    double place;

    Box(String title, String detail, List<Box> reads) {
      this.title = title;
      this.detail = detail;
      this.reads = reads;
      this.depth = reads.stream().mapToInt(box -> box.depth + 1).max().orElse(0);
    }
  }

  private GraphDrawing() {}

  /** An {@code svg} element. */
  public static String svg(Graph graph) {
    GraphDrawing drawing = new GraphDrawing();
    graph.inputs().forEach(drawing::addInput);
    graph.nodes().forEach(drawing::addNode);
    graph.outputs().forEach(drawing::addOutput);
    return drawing.draw();
  }

  private void addInput(Graph.Input input) {
    if (input.role() == Role.INPUT) {
      add(input.value(), new Box(input.name(), input.value().type().toString(), List.of()));
    } else {
      parameters.put(input.value(), input.name());
    }
  }

  private void addNode(Node node) {
    List<Box> reads =
        node.operands().stream().filter(makers::containsKey).map(makers::get).distinct().toList();
    String names =
        node.operands().stream()
            .filter(parameters::containsKey)
            .map(parameters::get)
            .collect(Collectors.joining(", "));
    if (reads.isEmpty()) {
      // Nothing but parameters and constants goes in; what reads the result shows their names.
      node.results()
          .forEach(result -> parameters.put(result, names.isEmpty() ? node.op().name() : names));
      return;
    }
    String type = node.results().get(0).type().toString();
    Box box = new Box(node.op().name() + (names.isEmpty() ? "" : " · " + names), type, reads);
    node.results().forEach(result -> makers.put(result, box));
    boxes.add(box);
  }

  private void addOutput(Graph.Output output) {
    Box maker = makers.get(output.value());
    if (maker != null && output.updates() == null) {
      boxes.add(new Box(output.name(), "result", List.of(maker)));
    }
  }

  private void add(Value value, Box box) {
    makers.put(value, box);
    boxes.add(box);
  }

  private String draw() {
    Map<Integer, List<Box>> rows = new TreeMap<>();
    boxes.forEach(box -> rows.computeIfAbsent(box.depth, depth -> new ArrayList<>()).add(box));
    rows.values().forEach(GraphDrawing::place);
    int widest = rows.values().stream().mapToInt(List::size).max().orElse(1);
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" class=\"graph\">",
            widest * COLUMN,
            Math.max(1, rows.size()) * ROW));
    double middle = widest * COLUMN / 2.0;
    boxes.forEach(box -> box.reads.forEach(read -> appendEdge(svg, middle, read, box)));
    boxes.forEach(box -> appendBox(svg, middle, box));
    return svg.append("</svg>").toString();
  }

  /** Orders a row by the mean place of what each box reads, and centres it on 0. */
  private static void place(List<Box> row) {
    Map<Box, Double> wanted = new HashMap<>();
    for (Box box : row) {
      wanted.put(box, box.reads.stream().mapToDouble(read -> read.place).average().orElse(0));
    }
    row.sort(Comparator.comparingDouble(wanted::get));
    for (int i = 0; i < row.size(); i++) {
      row.get(i).place = (i - (row.size() - 1) / 2.0) * COLUMN;
    }
  }

  private static void appendEdge(StringBuilder svg, double middle, Box from, Box to) {
    double x1 = middle + from.place;
    double y1 = from.depth * ROW + BOX_HEIGHT + 4;
    double x2 = middle + to.place;
    double y2 = to.depth * ROW + 4;
    // A curve past several rows swings out, so that it does not run behind the boxes between.
    double swing = to.depth - from.depth > 1 && Math.abs(x1 - x2) < 1 ? BOX_WIDTH * 0.75 : 0;
    svg.append(
        String.format(
            Locale.ROOT,
            "<path d=\"M%.0f %.0f C%.0f %.0f %.0f %.0f %.0f %.0f\"/>",
            x1,
            y1,
            x1 + swing,
            y1 + 30,
            x2 + swing,
            y2 - 30,
            x2,
            y2));
  }

  private static void appendBox(StringBuilder svg, double middle, Box box) {
    double left = middle + box.place - BOX_WIDTH / 2.0;
    double top = box.depth * ROW + 4;
    svg.append(
        String.format(
            Locale.ROOT,
            "<g><title>%s: %s</title><rect x=\"%.0f\" y=\"%.0f\" width=\"%d\" height=\"%d\" rx=\"6\"/>"
                + "<text x=\"%.0f\" y=\"%.0f\">%s</text>"
                + "<text class=\"type\" x=\"%.0f\" y=\"%.0f\">%s</text></g>",
            escape(box.title),
            escape(box.detail),
            left,
            top,
            BOX_WIDTH,
            BOX_HEIGHT,
            middle + box.place,
            top + 19,
            escape(cut(box.title)),
            middle + box.place,
            top + 36,
            escape(cut(box.detail))));
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT - 1) + "…";
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
