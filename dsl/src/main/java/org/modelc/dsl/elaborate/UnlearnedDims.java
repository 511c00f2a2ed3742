package org.modelc.dsl.elaborate;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.Dim;

/**
 * Dims that are static and whose numbers only data, or a use, could tell. They stand as symbols:
 * equal to themselves alone, and what needs their number is left open, neither right nor wrong.
 */
final class UnlearnedDims {
  /** Divisible by all small numbers, so that what depends on a division alone passes. */
  private static final Dim SAMPLE = Dim.constant(2520);

  private final Set<String> symbols = new HashSet<>();
  private final Map<String, Dim> inputs = new HashMap<>();

  /**
   * The dim of an axis of an input's rows.
   *
   * @param axis the axis in the row, from 0
   * @param rank the row's axes; the one dim of a row of rank 1 is the input's {@code size}
   */
  Dim ofInput(String input, int axis, int rank) {
    return inputs.computeIfAbsent(rank == 1 ? input + ".size" : input + "." + axis, this::add);
  }

  /** A symbol of a name. */
  Dim add(String name) {
    symbols.add(name);
    return Dim.symbol(name);
  }

  /** Whether a dim is no number yet, but would be with data. */
  boolean has(Dim dim) {
    return !dim.isStatic() && symbols.containsAll(dim.symbols());
  }

  /** Whether the number of a dim depends on data. */
  boolean isIn(Dim dim) {
    return dim.symbols().stream().anyMatch(symbols::contains);
  }

  /** Whether a value is a number that only data could tell. */
  boolean has(Meaning meaning) {
    return meaning instanceof Meaning.Int number && has(number.dim());
  }

  /** Whether either of two values is such a number, so that what comes of them is not known. */
  boolean has(Meaning left, Meaning right) {
    return has(left) || has(right);
  }

  /** Whether an op that does not take symbols would take numbers in their place. */
  <A extends Record> boolean wouldFit(OpDef<A> op, A attributes, List<TensorType> operands) {
    if (operands.stream().noneMatch(type -> type.shape().stream().anyMatch(this::isIn))) {
      return false;
    }
    try {
      List<ValueType> sampled = operands.stream().map(type -> (ValueType) sampled(type)).toList();
      op.infer(new Call<>(attributes, sampled, List.of()));
      return true;
    } catch (OpException | ArithmeticException stillWrong) {
      return false;
    }
  }

  /** Whether a setting is a dim without a number. */
  boolean isIn(Map<String, Object> attributes) {
    return attributes.values().stream().anyMatch(this::isInSetting);
  }

  private boolean isInSetting(Object setting) {
    return setting instanceof Dim dim && isIn(dim)
        || setting instanceof List<?> list && list.stream().anyMatch(this::isInSetting);
  }

  private TensorType sampled(TensorType type) {
    Map<String, Dim> numbers = new HashMap<>();
    symbols.forEach(symbol -> numbers.put(symbol, SAMPLE));
    return TensorType.of(
        type.dtype(), type.shape().stream().map(dim -> dim.substitute(numbers)).toList());
  }
}
