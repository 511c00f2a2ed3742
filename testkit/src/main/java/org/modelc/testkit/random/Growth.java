package org.modelc.testkit.random;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.ir.op.AttributeDims;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** A graph while it grows: each value is computed at once, so that rules can look at it. */
final class Growth {
  private static final double HUGE = 1e5;
  private static final int MOST_ELEMENTS = 20_000;
  final Random random;
  final DType dtype;
  final GraphBuilder builder = new GraphBuilder("random");
  final boolean withSpecials;
  private final RandomData data;
  private final Map<String, Dim> dims;
  private final Map<Value, Array> arrays = new IdentityHashMap<>();
  private final List<Value> pool = new ArrayList<>();
  private final Set<Value> spoiled = new HashSet<>();
  private final List<Array> inputs = new ArrayList<>();

  Growth(Random random, DType dtype, boolean withSpecials, Map<String, Dim> dims) {
    this.random = random;
    this.dtype = dtype;
    this.withSpecials = withSpecials;
    this.data = new RandomData(random, withSpecials);
    this.dims = new HashMap<>(dims);
  }

  /** A new input with random elements; in inference parameters are constant. */
  Value input(DType type, List<Dim> shape) {
    boolean fixed = shape.stream().allMatch(Dim::isStatic);
    Role role = fixed && random.nextBoolean() ? Role.PARAMETER : Role.INPUT;
    return input(role, TensorType.of(type, shape), data.array(type, sizes(shape)));
  }

  /** A new parameter that nothing else reads: what rounds to few bits agrees with nothing. */
  Value stored(DType type, List<Dim> shape) {
    return unshared(Role.PARAMETER, TensorType.of(type, shape), data.array(type, sizes(shape)));
  }

  private Value unshared(Role role, TensorType type, Array array) {
    Value value = builder.input("x" + inputs.size(), role, type);
    inputs.add(array);
    arrays.put(value, array);
    return value;
  }

  /** A new input of indices below a limit. */
  Value indices(List<Dim> shape, int limit) {
    return input(Role.INPUT, TensorType.of(DType.I32, shape), data.indices(sizes(shape), limit));
  }

  /** A new input of one whole number, as seed and step are. */
  Value whole(int value) {
    Array array = Array.zeros(DType.I64);
    array.data()[0] = value;
    return input(Role.INPUT, TensorType.scalar(DType.I64), array);
  }

  private Value input(Role role, TensorType type, Array array) {
    Value value = unshared(role, type, array);
    pool.add(value);
    return value;
  }

  List<Array> inputs() {
    return inputs;
  }

  List<Value> pool() {
    return pool;
  }

  Array array(Value value) {
    return arrays.get(value);
  }

  /** A random value that fits, or null. */
  Value pick(Predicate<Value> fits) {
    List<Value> fitting = pool.stream().filter(fits).toList();
    return fitting.isEmpty() ? null : fitting.get(random.nextInt(fitting.size()));
  }

  /** A random value of the graph's floating type with at least this rank, new if there is none. */
  Value floating(int rank) {
    Value value = pick(v -> v.tensor().dtype() == dtype && v.tensor().rank() >= rank);
    return value != null ? value : input(dtype, shape(rank));
  }

  /** A random shape of a rank: odd sizes, one dynamic dim at times. */
  List<Dim> shape(int rank) {
    List<Dim> shape = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      shape.add(dim(rank));
    }
    return shape;
  }

  /** Columns of a matrix: as many as fill vectors, and cache lines, at times. */
  Dim columns() {
    return random.nextInt(3) == 0 ? Dim.constant(8L * (1 + random.nextInt(8))) : dim(2);
  }

  /** Channels that a convolution makes, at times as many. */
  Dim channels() {
    return Dim.constant(
        random.nextInt(3) == 0 ? 8L * (1 + random.nextInt(4)) : 1 + random.nextInt(4));
  }

  private Dim dim(int rank) {
    int[] sizes = rank <= 1 ? new int[] {1, 7, 13, 207} : new int[] {1, 2, 3, 7, 13};
    return random.nextInt(4) == 0
        ? Dim.symbol("B")
        : Dim.constant(sizes[random.nextInt(sizes.length)]);
  }

  int[] sizes(List<Dim> shape) {
    return shape.stream().mapToInt(dim -> dim.substitute(dims).intValue()).toArray();
  }

  /**
   * Adds a node and keeps its results if they are worth more nodes.
   *
   * @throws org.modelc.ir.op.OpException if the operands do not fit
   */
  <A extends Record> boolean add(OpDef<A> op, A attributes, List<Value> operands) {
    // dims that fit as symbols may not fit as sizes: the three largest of B = 1
    List<ValueType> types = new ArrayList<>();
    for (Value operand : operands) {
      types.add(TensorType.of(operand.tensor().dtype(), sizes(operand.tensor().shape())));
    }
    op.infer(new Call<>(AttributeDims.substitute(attributes, dims), types, List.of()));
    return keep(builder.add(op, attributes, operands));
  }

  /** Computes values built so far and keeps them if all are worth it. */
  boolean keep(List<Value> values) {
    for (var node : builder.nodes()) {
      if (!arrays.containsKey(node.results().get(0))) {
        compute(node);
      }
    }
    boolean worthwhile = values.stream().allMatch(this::worthwhile);
    if (worthwhile) {
      values.stream().filter(value -> !pool.contains(value)).forEach(pool::add);
    }
    return worthwhile;
  }

  @SuppressWarnings("unchecked")
  private void compute(org.modelc.ir.graph.Node node) {
    List<Array> operands = node.operands().stream().map(arrays::get).toList();
    Record attributes = AttributeDims.substitute(node.attributes(), dims);
    List<Array> results =
        GraphInterpreter.apply((OpDef<Record>) node.op(), attributes, operands, Precision.EXACT);
    boolean poles = operands.stream().noneMatch(Growth::hasInfinity);
    for (int i = 0; i < results.size(); i++) {
      arrays.put(node.results().get(i), results.get(i));
      if (poles && hasInfinity(results.get(i))) {
        spoiled.add(node.results().get(i));
      }
    }
  }

  private static boolean hasInfinity(Array array) {
    return Arrays.stream(array.data()).anyMatch(Double::isInfinite);
  }

  /**
   * Neither huge, nor mostly NaN, nor infinite out of finite numbers: at a pole the sign of a zero
   * matters, which is no contract.
   */
  private boolean worthwhile(Value value) {
    Array array = arrays.get(value);
    if (spoiled.contains(value)) {
      return false;
    }
    int lost = 0;
    for (double element : array.data()) {
      if (Double.isFinite(element) && Math.abs(element) > HUGE) {
        return false;
      }
      lost += Double.isFinite(element) ? 0 : 1;
    }
    return array.size() <= MOST_ELEMENTS && lost * 3 <= array.size();
  }
}
