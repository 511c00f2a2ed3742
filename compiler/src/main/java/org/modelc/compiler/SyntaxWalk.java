package org.modelc.compiler;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.modelc.dsl.ast.Node;

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
      for (RecordComponent component : node.getClass().getRecordComponents()) {
        visit(read(node, component), visitor);
      }
    }
  }

  private static Object read(Object node, RecordComponent component) {
    try {
      return component.getAccessor().invoke(node);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException("cannot read " + component, impossible);
    }
  }
}
