package org.modelc.dsl.ast;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.diagnostic.SourceText;

/**
 * Prints a tree as nested lists: {@code (Binary + (Call relu x) 1)}. Spans are left out, so that
 * texts that mean the same print the same. It reads the records themselves, so no kind of node can
 * be forgotten.
 */
public final class AstPrinter {
  private static final int WIDTH = 100;

  private AstPrinter() {}

  /** The declarations of a file, one after the other; ends with a line end. */
  public static String print(ModelFile file) {
    StringBuilder out = new StringBuilder();
    for (Declaration declaration : file.declarations()) {
      print(declaration, out);
    }
    return out.toString();
  }

  /** One node; ends with a line end. */
  public static String print(Node node) {
    StringBuilder out = new StringBuilder();
    print(node, out);
    return out.toString();
  }

  private static void print(Node node, StringBuilder out) {
    layOut(tree(node), 0, out);
    out.append('\n');
  }

  /** Either a word or a list with a head. */
  private record Item(String word, List<Item> items) {
    int width() {
      return items == null
          ? word.length()
          : word.length() + 2 + items.stream().mapToInt(item -> item.width() + 1).sum();
    }
  }

  private static void layOut(Item item, int indent, StringBuilder out) {
    if (item.items() == null) {
      out.append(item.word());
      return;
    }
    boolean oneLine = indent + item.width() <= WIDTH;
    out.append('(').append(item.word());
    boolean first = item.word().isEmpty();
    for (Item child : item.items()) {
      boolean sameLine = oneLine || child.items() == null;
      out.append(sameLine ? (first ? "" : " ") : "\n" + " ".repeat(indent + 2));
      layOut(child, indent + 2, out);
      first = false;
    }
    out.append(')');
  }

  private static Item tree(Object value) {
    if (value instanceof Record record) {
      return record(record);
    }
    if (value instanceof List<?> list) {
      return new Item("", list.stream().map(AstPrinter::tree).toList());
    }
    return new Item(word(value), null);
  }

  private static String word(Object value) {
    if (value instanceof BinaryOperator operator) {
      return operator.sign();
    }
    if (value instanceof UnaryOperator operator) {
      return operator.sign();
    }
    if (value instanceof String text) {
      return quoted(text);
    }
    return String.valueOf(value);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  private static Item record(Record record) {
    if (record instanceof Name name) {
      return new Item(name.text(), null);
    }
    if (record instanceof Expression.Reference reference) {
      return new Item(reference.name().text(), null);
    }
    if (isLiteral(record)) {
      return tree(component(record, record.getClass().getRecordComponents()[0]));
    }
    List<Item> items = new ArrayList<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      add(component, component(record, component), items);
    }
    return new Item(record.getClass().getSimpleName(), List.copyOf(items));
  }

  private static boolean isLiteral(Record record) {
    return record instanceof Expression.IntegerLiteral
        || record instanceof Expression.FloatLiteral
        || record instanceof Expression.BoolLiteral
        || record instanceof Expression.TextLiteral;
  }

  /** Absent, empty and false components say nothing; present optional ones carry their names. */
  private static void add(RecordComponent component, Object value, List<Item> items) {
    if (value instanceof SourceSpan || value instanceof SourceText || isSilent(value)) {
      return;
    }
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(present -> items.add(named(component, tree(present))));
    } else if (value instanceof OptionalLong number) {
      number.ifPresent(present -> items.add(named(component, tree(present))));
    } else if (value instanceof Boolean) {
      items.add(new Item(component.getName(), null));
    } else {
      items.add(value instanceof List<?> ? named(component, tree(value)) : tree(value));
    }
  }

  private static boolean isSilent(Object value) {
    return Boolean.FALSE.equals(value)
        || value instanceof List<?> list && list.isEmpty()
        || value instanceof String text && text.isEmpty();
  }

  private static Item named(RecordComponent component, Item item) {
    boolean spliced = item.items() != null && item.word().isEmpty();
    return new Item(component.getName(), spliced ? item.items() : List.of(item));
  }

  private static Object component(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException("cannot read " + component, impossible);
    }
  }
}
