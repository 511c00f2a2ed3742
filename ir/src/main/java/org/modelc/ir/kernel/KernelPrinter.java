package org.modelc.ir.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Prints kernels and programs for the reader and for golden tests. */
public final class KernelPrinter {
  private KernelPrinter() {}

  public static String print(KernelProgram program) {
    StringBuilder text = new StringBuilder("program " + program.name() + "(");
    text.append(
        program.parameters().stream()
            .map(p -> declaration(p.buffer()) + " " + p.role().name().toLowerCase(java.util.Locale.ROOT))
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
    for (int i = 0; i < nest.reductions().size(); i++) {
      LoopNest.Reduction reduction = nest.reductions().get(i);
      text.append("  r").append(i).append(" = ");
      text.append(reduction.combiner().name().toLowerCase(java.util.Locale.ROOT));
      text.append(" from ").append(print(reduction.initial()));
      text.append(" of ").append(print(reduction.body())).append('\n');
    }
    for (LoopNest.Store store : nest.stores()) {
      text.append("  ").append(element(store.buffer(), store.index()));
      text.append(" = ").append(print(store.value())).append('\n');
    }
    return text.toString();
  }

  public static String print(StatementKernel kernel) {
    List<String> lines = new ArrayList<>();
    kernel.schedule().forEach(step -> lines.add("  // " + step));
    new StatementPrinter(lines).print(kernel.body(), 1);
    return "kernel " + kernel.name() + "\n" + String.join("\n", lines) + "\n";
  }

  static String element(Buffer buffer, List<Expr> index) {
    return buffer.name()
        + index.stream().map(KernelPrinter::print).collect(Collectors.joining(", ", "[", "]"));
  }

  /** An expression as text; a shared node is printed wherever it is used. */
  public static String print(Expr expr) {
    return expr.accept(new ExprPrinter());
  }

  private static final class ExprPrinter implements Expr.Visitor<String> {
    @Override
    public String constant(Expr.Const expr) {
      return expr.dtype() == org.modelc.runtime.spec.DType.BOOL
          ? String.valueOf(expr.value() != 0)
          : String.valueOf(expr.value());
    }

    @Override
    public String integer(Expr.IntConst expr) {
      return String.valueOf(expr.value());
    }

    @Override
    public String size(Expr.Size expr) {
      return "(" + expr.dim() + ")";
    }

    @Override
    public String variable(Expr.Var expr) {
      return expr.name();
    }

    @Override
    public String load(Expr.Load expr) {
      return element(expr.buffer(), expr.index());
    }

    @Override
    public String apply(Expr.Apply expr) {
      List<String> operands = expr.operands().stream().map(KernelPrinter::print).toList();
      boolean infix = !Character.isLetter(expr.op().text().charAt(0)) && operands.size() == 2;
      return infix
          ? "(" + operands.get(0) + " " + expr.op().text() + " " + operands.get(1) + ")"
          : expr.op().text() + "(" + String.join(", ", operands) + ")";
    }

    @Override
    public String cast(Expr.Cast expr) {
      return expr.dtype() + "(" + print(expr.operand()) + ")";
    }

    @Override
    public String select(Expr.Select expr) {
      return "select("
          + print(expr.condition())
          + ", "
          + print(expr.then())
          + ", "
          + print(expr.otherwise())
          + ")";
    }

    @Override
    public String reduced(Expr.Reduced expr) {
      return "r" + expr.reduction();
    }

    private String print(Expr expr) {
      return expr.accept(this);
    }
  }
}
