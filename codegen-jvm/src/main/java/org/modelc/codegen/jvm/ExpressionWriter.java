package org.modelc.codegen.jvm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;

/**
 * Prints expressions: shared nodes become locals of the block where they are first needed; a select
 * whose branch loads becomes an {@code if}, so that its guard holds.
 */
final class ExpressionWriter implements Expr.Visitor<String> {
  private static final String ZERO = "0.0f";

  private final KernelScope scope;
  private final SourceText out;
  private final Deque<Map<Expr, String>> blocks = new ArrayDeque<>();
  private final Map<Expr, Integer> uses = new IdentityHashMap<>();
  private final Function<Expr.Reduced, String> reduced;
  private final Function<Expr.Load, String> loadRule;

  /**
   * @param reduced the Java value of a finished reduction
   * @param loadRule a Java value that replaces a load, or null to print the load itself
   */
  ExpressionWriter(
      KernelScope scope,
      SourceText out,
      Function<Expr.Reduced, String> reduced,
      Function<Expr.Load, String> loadRule) {
    this.scope = scope;
    this.out = out;
    this.reduced = reduced;
    this.loadRule = loadRule;
    blocks.push(new IdentityHashMap<>());
  }

  /** For statements, where no reduction stands. */
  static ExpressionWriter of(
      KernelScope scope, SourceText out, Function<Expr.Load, String> loadRule) {
    return new ExpressionWriter(
        scope,
        out,
        reduction -> {
          throw new IllegalStateException("a reduction's value outside of a nest");
        },
        loadRule);
  }

  /** Counts the uses in expressions that are about to be printed together. */
  void expect(Expr... roots) {
    for (Expr root : roots) {
      count(root);
    }
  }

  private void count(Expr expr) {
    if (uses.merge(expr, 1, Integer::sum) == 1) {
      expr.children().forEach(this::count);
    }
  }

  /** Prints what the expression needs before it, and gives its Java text. */
  String print(Expr expr) {
    for (Map<Expr, String> block : blocks) {
      String known = block.get(expr);
      if (known != null) {
        return known;
      }
    }
    String text = expr.accept(this);
    boolean leaf = expr.children().isEmpty() && !(expr instanceof Expr.Load);
    if (uses.getOrDefault(expr, 1) > 1 && !leaf) {
      text = bind(expr, text);
    }
    return text;
  }

  private String bind(Expr expr, String text) {
    String name = scope.fresh("v");
    out.line("final " + JavaTypes.value(expr.dtype()) + " " + name + " = " + text + ";");
    blocks.peek().put(expr, name);
    return name;
  }

  /** A nested block of Java: names bound in it end with it. */
  void enter() {
    blocks.push(new IdentityHashMap<>());
  }

  void leave() {
    blocks.pop();
  }

  @Override
  public String constant(Expr.Const expr) {
    return JavaTypes.constant(expr.dtype(), expr.value());
  }

  @Override
  public String integer(Expr.IntConst expr) {
    return JavaTypes.integer(expr.dtype(), expr.value());
  }

  @Override
  public String size(Expr.Size expr) {
    return scope.dim(expr.dim());
  }

  @Override
  public String variable(Expr.Var expr) {
    return scope.variable(expr.name());
  }

  @Override
  public String load(Expr.Load expr) {
    String replaced = loadRule.apply(expr);
    if (replaced != null) {
      return replaced;
    }
    Double scalar = scope.scalar(expr.buffer());
    if (scalar != null) {
      return JavaTypes.constant(expr.dtype(), scalar);
    }
    String element = scope.array(expr.buffer()) + "[" + index(expr.buffer(), expr.index()) + "]";
    return JavaTypes.load(expr.buffer().dtype(), element);
  }

  /** The row-major position of an element. */
  String index(Buffer buffer, List<Expr> index) {
    AffineIndex flat = KernelScope.flat(buffer, index);
    if (flat != null) {
      return scope.print(flat);
    }
    String text = "";
    for (int i = 0; i < index.size(); i++) {
      String part = print(index.get(i));
      text = i == 0 ? part : "(" + text + ") * " + scope.dim(buffer.shape().get(i)) + " + " + part;
    }
    return text;
  }

  @Override
  public String apply(Expr.Apply expr) {
    List<String> operands = new ArrayList<>();
    for (Expr operand : expr.operands()) {
      operands.add(print(operand));
    }
    return ScalarFunctions.print(expr.op(), expr.dtype(), expr.operands().get(0).dtype(), operands);
  }

  @Override
  public String cast(Expr.Cast expr) {
    return ScalarFunctions.cast(expr.dtype(), expr.operand().dtype(), print(expr.operand()));
  }

  @Override
  public String select(Expr.Select expr) {
    String condition = print(expr.condition());
    if (isGuarded(expr.then()) || isGuarded(expr.otherwise())) {
      return branch(expr, condition);
    }
    String then = print(expr.then());
    String otherwise = print(expr.otherwise());
    if (expr.dtype() == DType.F32 && isFloatComparison(expr.condition())) {
      return masked(condition, then, otherwise);
    }
    return "(" + condition + " ? " + then + " : " + otherwise + ")";
  }

  /** Conditions on data, which no branch predictor foresees. */
  private static boolean isFloatComparison(Expr condition) {
    return condition instanceof Expr.Apply apply
        && apply.op().isComparison()
        && apply.operands().get(0).dtype() == DType.F32;
  }

  /**
   * A choice without a branch: HotSpot compiles a choice of floats to a jump, which costs 5 ns
   * where it is foreseen half of the time; one of ints it compiles to a conditional move.
   */
  private String masked(String condition, String then, String otherwise) {
    String mask = scope.fresh("mask");
    out.line("final int " + mask + " = " + condition + " ? -1 : 0;");
    List<String> parts = new ArrayList<>();
    if (!then.equals(ZERO)) {
      parts.add("(Float.floatToRawIntBits(" + then + ") & " + mask + ")");
    }
    if (!otherwise.equals(ZERO)) {
      parts.add("(Float.floatToRawIntBits(" + otherwise + ") & ~" + mask + ")");
    }
    return parts.isEmpty() ? ZERO : "Float.intBitsToFloat(" + String.join(" | ", parts) + ")";
  }

  private String branch(Expr.Select expr, String condition) {
    String name = scope.fresh("v");
    out.line("final " + JavaTypes.value(expr.dtype()) + " " + name + ";");
    out.open("if (" + condition + ")");
    enter();
    out.line(name + " = " + print(expr.then()) + ";");
    leave();
    out.reopen("else");
    enter();
    out.line(name + " = " + print(expr.otherwise()) + ";");
    leave();
    out.close();
    return name;
  }

  /** Whether evaluating it where the condition does not hold could fail. */
  private boolean isGuarded(Expr expr) {
    return isGuarded(expr, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  /**
   * @param seen what was found harmless: expressions are shared, and there are more ways to them
   *     than there is time
   */
  private boolean isGuarded(Expr expr, Set<Expr> seen) {
    if (!seen.add(expr)) {
      return false;
    }
    for (Map<Expr, String> block : blocks) {
      if (block.containsKey(expr)) {
        return false;
      }
    }
    if (expr instanceof Expr.Load load) {
      boolean known = scope.scalar(load.buffer()) != null || loadRule.apply(load) != null;
      return !known && !scope.isInside(load);
    }
    if (expr instanceof Expr.Apply apply
        && (apply.op() == ScalarOp.DIVIDE || apply.op() == ScalarOp.REMAINDER)
        && apply.dtype().isInteger()) {
      return true;
    }
    return expr.children().stream().anyMatch(child -> isGuarded(child, seen));
  }

  @Override
  public String reduced(Expr.Reduced expr) {
    return reduced.apply(expr);
  }
}
