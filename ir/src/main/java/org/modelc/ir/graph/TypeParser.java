package org.modelc.ir.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.modelc.ir.type.Layout;
import org.modelc.ir.type.Quantization;
import org.modelc.ir.type.StructType;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Reads types as they print: {@code f32[B, 4*T]}, {@code csr{row: i32[N + 1], value: f32[E]}}. */
final class TypeParser {
  private static final Pattern QUANTIZATION =
      Pattern.compile(
          "(\\w+), (\\d+) bits, axis (-?\\d+), group (\\d+), scales \\[(.*)], zero points \\[(.*)]");
  private final GraphScanner scanner;

  TypeParser(GraphScanner scanner) {
    this.scanner = scanner;
  }

  ValueType type() {
    scanner.skipSpace();
    int start = scanner.position();
    String name = scanner.word();
    return scanner.accept("{") ? struct(name) : tensor(name, start);
  }

  private StructType struct(String name) {
    List<StructType.Field> fields = new ArrayList<>();
    scanner.enter();
    while (!scanner.accept("}")) {
      if (!fields.isEmpty()) {
        scanner.expect(",");
      }
      String field = scanner.word();
      scanner.expect(":");
      fields.add(new StructType.Field(field, type()));
    }
    scanner.leave();
    return new StructType(name, fields);
  }

  private TensorType tensor(String name, int start) {
    DType dtype = dtype(name, start);
    scanner.expect("[");
    String inside = scanner.until("]");
    scanner.expect("]");
    List<Dim> shape = new ArrayList<>();
    for (String dim : inside.isEmpty() ? new String[0] : inside.split(",", -1)) {
      shape.add(dim(dim, start));
    }
    Layout layout = scanner.accept("{") ? layout(start) : Layout.ROW_MAJOR;
    Optional<Quantization> quantization =
        scanner.accept("<") ? Optional.of(quantization(start)) : Optional.empty();
    return new TensorType(dtype, shape, layout, quantization);
  }

  private DType dtype(String name, int start) {
    try {
      return DType.of(name);
    } catch (IllegalArgumentException e) {
      throw scanner.error(e.getMessage() + "; they are " + Arrays.toString(DType.values()), start);
    }
  }

  private Dim dim(String text, int start) {
    try {
      if (!text.isBlank()) {
        return Dim.parse(text);
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw scanner.error(e.getMessage(), start);
    }
    throw scanner.error("a dim is missing", start);
  }

  private Layout layout(int start) {
    List<Integer> order = integers(scanner.until("}"), start);
    scanner.expect("}");
    List<Layout.Block> blocks = new ArrayList<>();
    while (scanner.accept("/")) {
      List<Integer> block = integers(scanner.word().replace('x', ','), start);
      if (block.size() != 2) {
        throw scanner.error("a block is written as axis x size", start);
      }
      blocks.add(new Layout.Block(block.get(0), block.get(1)));
    }
    return new Layout(order, blocks);
  }

  private Quantization quantization(int start) {
    String text = scanner.until(">");
    scanner.expect(">");
    Matcher parts = QUANTIZATION.matcher(text);
    if (!parts.matches()) {
      throw scanner.error("'" + text + "' is no quantization", start);
    }
    List<Integer> numbers =
        integers(parts.group(2) + "," + parts.group(3) + "," + parts.group(4), start);
    return new Quantization(
        dtype(parts.group(1), start),
        numbers.get(0),
        numbers.get(1),
        numbers.get(2),
        decimals(parts.group(5), start),
        integers(parts.group(6), start));
  }

  private List<Integer> integers(String text, int start) {
    return decimals(text, start).stream().map(Double::intValue).toList();
  }

  private List<Double> decimals(String text, int start) {
    List<Double> numbers = new ArrayList<>();
    try {
      for (String part : text.isBlank() ? new String[0] : text.split(",")) {
        numbers.add(Double.valueOf(part.trim()));
      }
    } catch (NumberFormatException e) {
      throw scanner.error("'" + text + "' are no numbers", start);
    }
    return numbers;
  }
}
