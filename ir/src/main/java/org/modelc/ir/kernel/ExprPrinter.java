package org.modelc.ir.kernel;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.modelc.runtime.spec.DType;

/**
 * Prints expressions that may share nodes: a long one that occurs again is defined once, as {@code
 * $0 = …}, so that the text grows with the number of nodes.
 */
final class ExprPrinter implements Expr.Visitor<String> {
  /** What is no longer than this is repeated: a name would not make it easier to read. */
  private static final int SHORT = 60;

  private final Consumer<String> definitions;
  private final Map<Expr, Integer> uses = new IdentityHashMap<>();
  private final Map<Expr, String> known = new IdentityHashMap<>();
  private int count;

  /**
   * @param definitions gets each definition before the text that uses it
   */
  ExprPrinter(Consumer<String> definitions) {
    this.definitions = definitions;
  }

  /** Counts the uses in an expression that will be printed. */
  void expect(Expr root) {
    if (uses.merge(root, 1, Integer::sum) == 1) {
      root.children().forEach(this::expect);
    }
  }

  String print(Expr expr) {
    String text = known.get(expr);
    if (text == null) {
      text = expr.accept(this);
      if (text.length() > SHORT && uses.getOrDefault(expr, 1) > 1) {
        String name = "$" + count++;
        definitions.accept(name + " = " + text);
        text = name;
      }
      known.put(expr, text);
    }
    return text;
  }

  @Override
  public String constant(Expr.Const expr) {
    return expr.dtype() == DType.BOOL
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
    return expr.buffer().name()
        + expr.index().stream().map(this::print).collect(Collectors.joining(", ", "[", "]"));
  }

  @Override
  public String apply(Expr.Apply expr) {
    List<String> operands = expr.operands().stream().map(this::print).toList();
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
}
