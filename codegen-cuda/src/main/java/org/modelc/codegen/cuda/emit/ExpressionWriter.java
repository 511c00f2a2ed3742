package org.modelc.codegen.cuda.emit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Writes expressions as C++: shared nodes, and long ones, become locals of the block where they are
 * first needed; a select whose branch could miss its buffer becomes an {@code if}, so that its
 * guard holds. Functions are calls of the shared expansions ({@link FunctionLibrary}).
 */
public final class ExpressionWriter implements Expr.Visitor<String> {
  /** Longer text gets a name: a line should be read at a glance. */
  private static final int LONG = 90;

  private final KernelFunction function;
  private final SourceText out;
  private final ScalarFunctions functions;
  private final Function<Expr.Reduced, String> reduced;
  private final Deque<Map<Expr, String>> blocks = new ArrayDeque<>();
  private final Map<Expr, Integer> uses = new IdentityHashMap<>();

  /**
   * @param reduced the value of a finished reduction
   */
  public ExpressionWriter(KernelFunction function, Function<Expr.Reduced, String> reduced) {
    this.function = function;
    this.out = function.out();
    this.functions = new ScalarFunctions(function.prelude());
    this.reduced = reduced;
    blocks.push(new IdentityHashMap<>());
  }

  /** Where no reduction stands. */
  public ExpressionWriter(KernelFunction function) {
    this(
        function,
        reduction -> {
          throw new IllegalStateException("a reduction's value outside of a nest");
        });
  }

  /** Writes one expression. */
  public static String value(KernelFunction function, Expr expr) {
    ExpressionWriter writer = new ExpressionWriter(function);
    writer.expect(expr);
    return writer.print(expr);
  }

  /** Counts the uses in expressions that are about to be written together. */
  public void expect(Expr... roots) {
    for (Expr root : roots) {
      if (uses.merge(root, 1, Integer::sum) == 1) {
        root.children().forEach(this::expect);
      }
    }
  }

  /** Writes what the expression needs before it, and gives its text. */
  public String print(Expr expr) {
    for (Map<Expr, String> block : blocks) {
      String known = block.get(expr);
      if (known != null) {
        return known;
      }
    }
    String text = expr.accept(this);
    boolean leaf = expr.children().isEmpty() && !(expr instanceof Expr.Load);
    boolean shared = uses.getOrDefault(expr, 1) > 1 && !leaf;
    return shared || text.length() > LONG ? bind(expr, text) : text;
  }

  private String bind(Expr expr, String text) {
    String name = function.fresh("v");
    out.line("const " + CudaTypes.value(expr.dtype()) + " " + name + " = " + text + ";");
    blocks.peek().put(expr, name);
    return name;
  }

  @Override
  public String constant(Expr.Const expr) {
    return CudaTypes.constant(expr.dtype(), expr.value(), function.prelude());
  }

  @Override
  public String integer(Expr.IntConst expr) {
    return CudaTypes.integer(expr.dtype(), expr.value());
  }

  @Override
  public String size(Expr.Size expr) {
    return function.dim(expr.dim());
  }

  @Override
  public String variable(Expr.Var expr) {
    return function.variable(expr.name());
  }

  @Override
  public String load(Expr.Load expr) {
    Double scalar = function.scalar(expr.buffer());
    if (scalar != null) {
      return CudaTypes.constant(expr.dtype(), scalar, function.prelude());
    }
    String held = function.held(expr);
    if (held != null) {
      return held;
    }
    String element =
        function.pointer(expr.buffer()) + "[" + index(expr.buffer(), expr.index()) + "]";
    return CudaTypes.load(expr.buffer().dtype(), element, function.prelude());
  }

  /** The text of a store of a value, which has been written, to an element. */
  public String store(Buffer buffer, List<Expr> index, String value) {
    String place = index(buffer, index);
    return function.writable(buffer)
        + "["
        + place
        + "] = "
        + CudaTypes.store(buffer.dtype(), value, function.prelude())
        + ";";
  }

  /** The row-major position of an element. */
  public String index(Buffer buffer, List<Expr> index) {
    AffineIndex flat = AffineIndex.flat(buffer, index);
    if (flat != null) {
      return affine(flat);
    }
    String text = "";
    for (int i = 0; i < index.size(); i++) {
      AffineIndex part = AffineIndex.of(index.get(i));
      String own = part == null ? print(index.get(i)) : affine(part);
      Dim size = buffer.shape().get(i);
      text = i == 0 ? own : "(" + text + ") * " + function.dim(size) + " + " + own;
    }
    return text.isEmpty() ? "0" : text;
  }

  private String affine(AffineIndex index) {
    List<String> terms = new ArrayList<>();
    new TreeMap<>(index.coefficients())
        .forEach((axis, coefficient) -> terms.add(term(function.variable(axis), coefficient)));
    if (!index.offset().is(0) || terms.isEmpty()) {
      terms.add(function.dim(index.offset()));
    }
    return String.join(" + ", terms);
  }

  private String term(String variable, Dim coefficient) {
    return coefficient.is(1) ? variable : variable + " * " + function.dim(coefficient);
  }

  @Override
  public String apply(Expr.Apply expr) {
    List<String> operands = new ArrayList<>();
    for (Expr operand : expr.operands()) {
      operands.add(print(operand));
    }
    if (FunctionLibrary.has(expr)) {
      return FunctionLibrary.call(function, expr, operands);
    }
    return functions.print(expr.op(), expr.dtype(), expr.operands().get(0).dtype(), operands);
  }

  @Override
  public String cast(Expr.Cast expr) {
    return functions.cast(expr.dtype(), expr.operand().dtype(), print(expr.operand()));
  }

  @Override
  public String select(Expr.Select expr) {
    String condition = print(expr.condition());
    if (isGuarded(expr.then()) || isGuarded(expr.otherwise())) {
      return branch(expr, condition);
    }
    return "(" + condition + " ? " + print(expr.then()) + " : " + print(expr.otherwise()) + ")";
  }

  private String branch(Expr.Select expr, String condition) {
    String name = function.fresh("v");
    out.line(CudaTypes.value(expr.dtype()) + " " + name + ";");
    out.open("if (" + condition + ")");
    assignIn(name, expr.then());
    out.reopen("else");
    assignIn(name, expr.otherwise());
    out.close();
    return name;
  }

  private void assignIn(String name, Expr value) {
    blocks.push(new IdentityHashMap<>());
    out.line(name + " = " + print(value) + ";");
    blocks.pop();
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
    if (!seen.add(expr) || blocks.stream().anyMatch(block -> block.containsKey(expr))) {
      return false;
    }
    if (expr instanceof Expr.Load load) {
      return function.scalar(load.buffer()) == null && !function.isInside(load);
    }
    return expr.children().stream().anyMatch(child -> isGuarded(child, seen));
  }

  @Override
  public String reduced(Expr.Reduced expr) {
    return reduced.apply(expr);
  }

  /** Joins one more value to an accumulator. */
  public String join(ScalarOp op, DType dtype, String accumulator, String value) {
    return functions.print(op, dtype, dtype, List.of(accumulator, value));
  }
}
