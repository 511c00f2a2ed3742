package org.modelc.ir.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.modelc.ir.op.AttributeText;

/** Prints kernels and programs for the reader and for golden tests. */
public final class KernelPrinter {
  private KernelPrinter() {}

  public static String print(KernelProgram program) {
    StringBuilder text = new StringBuilder("program " + program.name() + "(");
    text.append(
        program.parameters().stream()
            .map(
                p ->
                    declaration(p.buffer())
                        + " "
                        + p.role().name().toLowerCase(java.util.Locale.ROOT))
            .collect(Collectors.joining(", ")));
    text.append(")\n");
    for (Buffer temporary : program.temporaries()) {
      text.append("  temporary ").append(declaration(temporary)).append(slot(program, temporary));
    }
    for (Kernel kernel : program.kernels()) {
      text.append(kernel.toString().indent(2));
    }
    return text.toString();
  }

  private static String slot(KernelProgram program, Buffer temporary) {
    if (program.plan() == null || !program.plan().slotOf().containsKey(temporary)) {
      return "\n";
    }
    return " in slot " + program.plan().slotOf().get(temporary) + "\n";
  }

  private static String declaration(Buffer buffer) {
    return buffer.name() + ": " + buffer.dtype() + buffer.shape();
  }

  public static String print(LoopNest nest) {
    StringBuilder text = new StringBuilder("kernel " + nest.name());
    text.append(" parallel ").append(nest.parallel());
    if (!nest.reduce().isEmpty()) {
      text.append(" reduce ").append(nest.reduce());
    }
    text.append('\n');
    ExprPrinter printer = new ExprPrinter(line -> text.append("  ").append(line).append('\n'));
    nest.reductions().forEach(reduction -> printer.expect(reduction.body()));
    nest.stores().forEach(store -> printer.expect(store.value()));
    for (int i = 0; i < nest.reductions().size(); i++) {
      LoopNest.Reduction reduction = nest.reductions().get(i);
      String initial = printer.print(reduction.initial());
      String body = printer.print(reduction.body());
      text.append("  r").append(i).append(" = ");
      text.append(reduction.combiner().name().toLowerCase(java.util.Locale.ROOT));
      text.append(" from ").append(initial).append(" of ").append(body).append('\n');
    }
    for (LoopNest.Store store : nest.stores()) {
      String value = printer.print(store.value());
      text.append("  ").append(element(store.buffer(), store.index()));
      text.append(" = ").append(value).append('\n');
    }
    return text.toString();
  }

  public static String print(StatementKernel kernel) {
    List<String> lines = new ArrayList<>();
    kernel.schedule().forEach(step -> lines.add("  // " + step));
    new StatementPrinter(lines).print(kernel.body(), 1);
    return "kernel " + kernel.name() + "\n" + String.join("\n", lines) + "\n";
  }

  public static String print(OpKernel kernel) {
    return "kernel "
        + kernel.name()
        + "\n  "
        + names(kernel.results())
        + " = "
        + kernel.op().name()
        + "("
        + names(kernel.operands())
        + ")"
        + AttributeText.print(kernel.attributes())
        + "\n";
  }

  private static String names(List<Buffer> buffers) {
    return buffers.stream().map(Buffer::name).collect(Collectors.joining(", "));
  }

  static String element(Buffer buffer, List<Expr> index) {
    return buffer.name()
        + index.stream().map(KernelPrinter::print).collect(Collectors.joining(", ", "[", "]"));
  }

  /** An expression as text; long parts that occur again are defined before it, in braces. */
  public static String print(Expr expr) {
    StringBuilder definitions = new StringBuilder();
    ExprPrinter printer = new ExprPrinter(line -> definitions.append(line).append("; "));
    printer.expect(expr);
    String text = printer.print(expr);
    return definitions.length() == 0 ? text : "{" + definitions + text + "}";
  }
}
