package org.modelc.compiler;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.modelc.dsl.ast.Node;
import org.modelc.ir.op.RecordShape;

/** Visits every node of a syntax tree. It reads the records themselves, so it misses no kind. */
final class SyntaxWalk {
  private SyntaxWalk() {}

  /** Visits a node, then what is below it. */
  static void visit(Object value, Consumer<Node> visitor) {
    if (value instanceof List<?> list) {
      list.forEach(element -> visit(element, visitor));
    } else if (value instanceof Optional<?> optional) {
      optional.ifPresent(present -> visit(present, visitor));
    } else if (value instanceof Node node) {
      visitor.accept(node);
      RecordShape.values((Record) node).forEach(part -> visit(part, visitor));
    }
  }
}
