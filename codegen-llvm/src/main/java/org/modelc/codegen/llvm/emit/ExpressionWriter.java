package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarExpansion;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Writes expressions as straight-line instructions, on scalars or on vectors along one axis. What
 * does not depend on that axis stays scalar and is spread over the lanes where it meets a vector. A
 * node is written once. One writer serves one place of the code: one iteration of a loop.
 *
 * <p>A {@code Select} guards the loads of its branches: where they could miss their buffer, they
 * are masked by its condition; all else of both branches is computed.
 */
public final class ExpressionWriter implements Expr.Visitor<Operand> {
  /** The type of a variable that can change: its address. */
  private static final String MUTABLE = "ptr";

  private final KernelFunction function;
  private final FunctionWriter writer;
  private final ScalarInstructions instructions;
  private final Scope scope;
  private final Lanes lanes;
  private final Function<Expr.Reduced, Operand> reduced;
  private final Map<Expr, Operand> known = new IdentityHashMap<>();
  private final Map<Expr, Boolean> guardNeeded = new IdentityHashMap<>();

  /** What the select around here lets through; null for all. */
  private Operand guard;

  /** Values that hold only where the guard does. */
  private Map<Expr, Operand> knownUnderGuard = new IdentityHashMap<>();

  /**
   * Names of a place in the code.
   *
   * @param values axes as i64, other variables in their type; for a vector's axis, its first lane
   * @param extents for variables that run from 0 to below a dim, that dim
   */
  public record Scope(Map<String, Operand> values, Map<String, Dim> extents) {
    public static Scope empty() {
      return new Scope(new HashMap<>(), new HashMap<>());
    }

    public Scope copy() {
      return new Scope(new HashMap<>(values), new HashMap<>(extents));
    }

    /** Binds an axis. */
    public Scope with(String axis, Operand value, Dim extent) {
      Scope next = copy();
      next.values.put(axis, value);
      next.extents.put(axis, extent);
      return next;
    }
  }

  /**
   * The vectors of a place.
   *
   * @param axis the axis they run along; null for scalars
   * @param mask which lanes exist, a vector of i1; null for all
   */
  public record Lanes(String axis, int count, Operand mask) {
    public static final Lanes NONE = new Lanes(null, 1, null);
  }

  /**
   * @param reduced the value of a finished reduction; null where there is none
   */
  public ExpressionWriter(
      KernelFunction function, Scope scope, Lanes lanes, Function<Expr.Reduced, Operand> reduced) {
    this.function = function;
    this.writer = function.writer();
    this.instructions = new ScalarInstructions(writer);
    this.scope = scope;
    this.lanes = lanes;
    this.reduced = reduced;
  }

  /** The value: a scalar if it is the same in all lanes, else a vector. */
  public Operand value(Expr expr) {
    Operand value = known.get(expr);
    if (value != null || guard == null || !needsGuard(expr)) {
      return value != null ? value : written(expr, known);
    }
    value = knownUnderGuard.get(expr);
    return value != null ? value : written(expr, knownUnderGuard);
  }

  private Operand written(Expr expr, Map<Expr, Operand> values) {
    Operand value = expr.accept(this);
    values.put(expr, value);
    return value;
  }

  /** The value in every lane. */
  public Operand vector(Expr expr) {
    return writer.splat(value(expr), lanes.count());
  }

  /** Stores a value at an element, or at the elements of all lanes. */
  public void store(Buffer buffer, List<Expr> index, Operand value) {
    Operand stored = instructions.toStorage(buffer.dtype(), value);
    Place place = place(buffer, index);
    Operand pointer = function.pointer(buffer);
    String element = LlvmTypes.storage(buffer.dtype());
    if (place.stride == 0 && place.position.lanes() == 1) {
      writer.store(lastLane(stored), writer.address(element, pointer, place.position));
    } else if (place.stride == 1) {
      Operand address = writer.address(element, pointer, place.position);
      writer.storeLanes(writer.splat(stored, lanes.count()), address, lanes.mask());
    } else if (place.stride == 2 && hasFastMasks(buffer)) {
      Operand vector = writer.splat(stored, lanes.count());
      new EverySecond(writer, lanes.count()).store(vector, pointer, place.position, lanes.mask());
    } else {
      Operand addresses = writer.address(element, pointer, spread(place));
      writer.scatter(writer.splat(stored, lanes.count()), addresses, all());
    }
  }

  private boolean hasFastMasks(Buffer buffer) {
    return buffer.dtype().bytes() >= 4 && function.target().level().hasElementOperands();
  }

  /**
   * Stores two values whose lanes take turns: one of them at every second element, the other at the
   * elements between.
   *
   * @param index the first value's place
   */
  public void storeTurns(Buffer buffer, List<Expr> index, Operand even, Operand odd) {
    int count = lanes.count();
    Operand one = writer.splat(instructions.toStorage(buffer.dtype(), even), count);
    Operand other = writer.splat(instructions.toStorage(buffer.dtype(), odd), count);
    Operand position = place(buffer, index).position;
    new EverySecond(writer, count)
        .store(one, other, function.pointer(buffer), position, lanes.mask());
  }

  /** Lanes that store to one place agree. */
  private Operand lastLane(Operand stored) {
    return stored.isVector() ? writer.extract(stored, 0) : stored;
  }

  private Operand all() {
    return lanes.mask() == null ? writer.splat(Operand.TRUE, lanes.count()) : lanes.mask();
  }

  // Where elements lie.

  /**
   * @param position of the first lane if the stride is known, else of each lane
   * @param stride elements from lane to lane; 0 if all lanes are at one position, or if it is not
   *     known and the position is a vector
   */
  private record Place(Operand position, long stride) {}

  private Place place(Buffer buffer, List<Expr> index) {
    AffineIndex affine = new AffineIndex(Map.of(), Dim.ZERO);
    Operand rest = null;
    Dim stride = Dim.ONE;
    for (int i = index.size() - 1; i >= 0; i--) {
      AffineIndex part = AffineIndex.of(index.get(i));
      if (part == null || !isBound(part)) {
        Operand other = writer.multiply(index(value(index.get(i))), factor(stride, index.get(i)));
        rest = rest == null ? other : sum(rest, other);
      } else {
        affine = affine.plus(part.times(stride));
      }
      stride = stride.times(buffer.shape().get(i));
    }
    return place(affine, rest);
  }

  private Operand factor(Dim stride, Expr like) {
    return writer.splat(function.dim(stride), value(like).lanes());
  }

  private boolean isBound(AffineIndex index) {
    return index.coefficients().keySet().stream()
        .allMatch(name -> scope.values().containsKey(name) && isFixed(scope.values().get(name)));
  }

  private static boolean isFixed(Operand variable) {
    return !variable.isVector() && !variable.type().equals(MUTABLE);
  }

  private Place place(AffineIndex affine, Operand rest) {
    Dim along = lanes.axis() == null ? Dim.ZERO : affine.coefficient(lanes.axis());
    Operand base = affine(affine);
    if (rest != null && rest.isVector()) {
      Operand first = along.is(0) ? base : spread(base, along);
      return new Place(sum(first, rest), 0);
    }
    Operand position = rest == null ? base : writer.add(base, rest);
    boolean near = along.is(0) || along.is(1) || along.is(2);
    return near ? new Place(position, along.value()) : new Place(spread(position, along), 0);
  }

  private Operand sum(Operand one, Operand other) {
    int count = Math.max(one.lanes(), other.lanes());
    return writer.add(writer.splat(one, count), writer.splat(other, count));
  }

  private Operand spread(Operand first, Dim along) {
    Operand steps = writer.lanes("i64", lanes.count());
    Operand factor = writer.splat(function.dim(along), lanes.count());
    return sum(first, along.is(1) ? steps : writer.multiply(steps, factor));
  }

  /** The position of every lane. */
  private Operand spread(Place place) {
    if (place.position.isVector()) {
      return place.position;
    }
    return place.stride == 0
        ? writer.splat(place.position, lanes.count())
        : spread(place.position, Dim.constant(place.stride));
  }

  /** The value of an affine index at the first lane, i64. */
  public Operand affine(AffineIndex index) {
    Operand sum = function.dim(index.offset());
    for (Map.Entry<String, Dim> term : new java.util.TreeMap<>(index.coefficients()).entrySet()) {
      Operand variable = index(scope.values().get(term.getKey()));
      sum = writer.add(sum, writer.multiply(variable, function.dim(term.getValue())));
    }
    return sum;
  }

  /** An integer as an index. */
  private Operand index(Operand value) {
    return value.element().equals("i64")
        ? value
        : writer.convert("sext", value, LlvmTypes.like("i64", value));
  }

  // Nodes.

  @Override
  public Operand constant(Expr.Const expr) {
    return literal(expr.dtype(), expr.value());
  }

  /** The operand of a constant. */
  static Operand literal(Expr constant) {
    return constant instanceof Expr.IntConst integer
        ? Operand.integer(LlvmTypes.value(integer.dtype()), integer.value())
        : literal(constant.dtype(), ((Expr.Const) constant).value());
  }

  private static Operand literal(DType dtype, double value) {
    String type = LlvmTypes.value(dtype);
    return dtype.isFloating()
        ? Operand.number(type, value)
        : Operand.integer(type, dtype == DType.BOOL ? value != 0 ? 1 : 0 : (long) value);
  }

  @Override
  public Operand integer(Expr.IntConst expr) {
    return Operand.integer(LlvmTypes.value(expr.dtype()), expr.value());
  }

  @Override
  public Operand size(Expr.Size expr) {
    Operand value = function.dim(expr.dim());
    return value.isConstant()
        ? Operand.integer("i32", Long.parseLong(value.text()))
        : writer.convert("trunc", value, "i32");
  }

  @Override
  public Operand variable(Expr.Var expr) {
    Operand value = scope.values().get(expr.name());
    if (value == null) {
      throw new IllegalStateException("variable " + expr.name() + " is not bound here");
    }
    String type = LlvmTypes.value(expr.dtype());
    if (value.type().equals(MUTABLE)) {
      return writer.load(type, value);
    }
    Operand narrow = value.type().equals("i64") && type.equals("i32") ? truncated(value) : value;
    if (expr.name().equals(lanes.axis())) {
      return sum(narrow, writer.lanes(type, lanes.count()));
    }
    return narrow;
  }

  private Operand truncated(Operand value) {
    return value.isConstant()
        ? Operand.i32((int) Long.parseLong(value.text()))
        : writer.convert("trunc", value, "i32");
  }

  @Override
  public Operand load(Expr.Load expr) {
    Buffer buffer = expr.buffer();
    Double scalar = function.buffers().scalar(buffer);
    if (scalar != null) {
      return literal(expr.dtype(), scalar);
    }
    Place place = place(buffer, expr.index());
    Operand stored =
        place.stride == 0 && !place.position.isVector()
            ? loadOne(buffer, place)
            : loadLanes(buffer, place);
    return instructions.fromStorage(buffer.dtype(), stored);
  }

  private Operand loadOne(Buffer buffer, Place place) {
    String element = LlvmTypes.storage(buffer.dtype());
    Operand pointer = function.pointer(buffer);
    if (guard == null) {
      return writer.load(element, writer.address(element, pointer, place.position));
    } else if (guard.isVector()) {
      Operand spread = new Operand(element, "");
      Operand addresses = writer.address(element, pointer, spread(place));
      return writer.gather(LlvmTypes.vector(spread.type(), lanes.count()), addresses, mask());
    }
    return writer.guarded(
        guard,
        element,
        () -> writer.load(element, writer.address(element, pointer, place.position)));
  }

  private Operand loadLanes(Buffer buffer, Place place) {
    String element = LlvmTypes.storage(buffer.dtype());
    String type = LlvmTypes.vector(element, lanes.count());
    Operand pointer = function.pointer(buffer);
    Operand mask = mask();
    if (place.stride == 2) {
      return new EverySecond(writer, lanes.count()).load(type, pointer, place.position, mask);
    } else if (place.stride != 1) {
      Operand addresses = writer.address(element, pointer, spread(place));
      return writer.gather(type, addresses, mask == null ? all() : mask);
    }
    Operand address = writer.address(element, pointer, place.position);
    return mask == null ? writer.load(type, address) : writer.maskedLoad(type, address, mask);
  }

  /** The lanes that exist and pass the guard; null for all. */
  private Operand mask() {
    if (guard == null) {
      return lanes.mask();
    }
    Operand spread = writer.splat(guard, lanes.count());
    return lanes.mask() == null ? spread : writer.binary("and", spread, lanes.mask());
  }

  @Override
  public Operand apply(Expr.Apply expr) {
    Expr expanded = ScalarExpansion.expandAll(expr);
    if (expanded != expr) {
      return value(expanded);
    }
    if (isRotation(expr)) {
      Expr.Apply high = (Expr.Apply) expr.operands().get(0);
      long bits = ((Expr.IntConst) high.operands().get(1)).value();
      return instructions.rotate(value(high.operands().get(0)), bits);
    }
    List<Operand> operands = together(expr.operands());
    return instructions.apply(expr.op(), expr.dtype(), expr.operands().get(0).dtype(), operands);
  }

  /**
   * Whether this is {@code x << k | x >>> (32 - k)}, of which random numbers consist: one
   * instruction in place of three, for LLVM to read and to find.
   */
  private static boolean isRotation(Expr.Apply expr) {
    return expr.op() == ScalarOp.OR
        && expr.dtype() == DType.I32
        && expr.operands().get(0) instanceof Expr.Apply high
        && high.op() == ScalarOp.SHIFT_LEFT
        && expr.operands().get(1) instanceof Expr.Apply low
        && low.op() == ScalarOp.SHIFT_RIGHT_UNSIGNED
        && high.operands().get(0) == low.operands().get(0)
        && high.operands().get(1) instanceof Expr.IntConst left
        && low.operands().get(1) instanceof Expr.IntConst right
        && left.value() > 0
        && right.value() > 0
        && left.value() + right.value() == 32;
  }

  /** Values of as many lanes each. */
  private List<Operand> together(List<Expr> exprs) {
    List<Operand> operands = new ArrayList<>();
    int count = 1;
    for (Expr expr : exprs) {
      Operand operand = value(expr);
      count = Math.max(count, operand.lanes());
      operands.add(operand);
    }
    int all = count;
    return FunctionWriter.each(operands, operand -> writer.splat(operand, all));
  }

  @Override
  public Operand cast(Expr.Cast expr) {
    return instructions.cast(expr.dtype(), expr.operand().dtype(), value(expr.operand()));
  }

  @Override
  public Operand select(Expr.Select expr) {
    Operand condition = value(expr.condition());
    Operand then = under(condition, expr.then(), false);
    Operand otherwise = under(condition, expr.otherwise(), true);
    int count = Math.max(then.lanes(), otherwise.lanes());
    count = Math.max(count, condition.lanes());
    Operand chosen = condition.isVector() ? condition : writer.splat(condition, 1);
    return writer.select(chosen, writer.splat(then, count), writer.splat(otherwise, count));
  }

  private Operand under(Operand condition, Expr branch, boolean negated) {
    if (!needsGuard(branch)) {
      return value(branch);
    }
    Operand outer = guard;
    Operand inner =
        negated
            ? writer.binary("xor", condition, writer.splat(Operand.TRUE, condition.lanes()))
            : condition;
    if (outer != null) {
      int count = Math.max(outer.lanes(), inner.lanes());
      inner = writer.binary("and", writer.splat(outer, count), writer.splat(inner, count));
    }
    Map<Expr, Operand> outerValues = knownUnderGuard;
    guard = inner;
    knownUnderGuard = new IdentityHashMap<>();
    Operand value = value(branch);
    knownUnderGuard = outerValues;
    guard = outer;
    return value;
  }

  /** Whether it loads what may lie outside where a condition does not hold. */
  private boolean needsGuard(Expr expr) {
    Boolean needed = guardNeeded.get(expr);
    if (needed == null) {
      boolean outside = expr instanceof Expr.Load load && !isInside(load);
      needed = outside || expr.children().stream().anyMatch(this::needsGuard);
      guardNeeded.put(expr, needed);
    }
    return needed;
  }

  private boolean isInside(Expr.Load load) {
    if (function.buffers().scalar(load.buffer()) != null) {
      return true;
    }
    for (int i = 0; i < load.index().size(); i++) {
      if (!isInside(AffineIndex.of(load.index().get(i)), load.buffer().shape().get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether an index is at least 0 and below a size wherever its variables are in range. */
  private boolean isInside(AffineIndex index, Dim size) {
    if (index == null || !isNeverNegative(index.offset())) {
      return false;
    }
    Dim largest = index.offset();
    for (Map.Entry<String, Dim> term : index.coefficients().entrySet()) {
      Dim extent = scope.extents().get(term.getKey());
      if (extent == null || !isNeverNegative(term.getValue())) {
        return false;
      }
      largest = largest.plus(term.getValue().times(extent.plus(-1)));
    }
    return isNeverNegative(size.minus(largest).plus(-1));
  }

  /** Sufficient, not necessary: dynamic dims are positive. */
  private static boolean isNeverNegative(Dim dim) {
    return dim.terms().values().stream().allMatch(coefficient -> coefficient >= 0);
  }

  @Override
  public Operand reduced(Expr.Reduced expr) {
    return reduced.apply(expr);
  }

  /** Joins two values with an operator. */
  public Operand join(ScalarOp op, DType dtype, Operand left, Operand right) {
    return instructions.apply(op, dtype, dtype, List.of(left, right));
  }
}
