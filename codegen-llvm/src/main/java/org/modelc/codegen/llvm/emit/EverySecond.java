package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.List;

/**
 * Vectors whose lanes are at every second element of memory: pooling by two.
 *
 * @param count the lanes
 */
public record EverySecond(FunctionWriter writer, int count) {
  /**
   * Two vectors that end with the last element needed; a gather takes three times as long.
   *
   * @param mask the lanes to be read; null for all
   */
  public Operand load(String type, Operand pointer, Operand position, Operand mask) {
    Operand low = evenPlaces(type, pointer, position, mask, 0);
    Operand high = evenPlaces(type, pointer, position, mask, count - 1);
    int[] chosen = new int[count];
    for (int lane = 0; lane < count; lane++) {
      boolean isLow = 2 * lane < count;
      // The second vector begins one element before the first one ends.
      chosen[lane] = isLow ? 2 * lane : count + 2 * lane - (count - 1);
    }
    return writer.shuffle(low, high, chosen);
  }

  /**
   * The lanes at even places and those at the odd ones between and behind them.
   *
   * @param mask the pairs to be read; null for all
   */
  public List<Operand> loadBoth(String type, Operand pointer, Operand position, Operand mask) {
    List<Operand> halves = new ArrayList<>();
    int[] even = new int[count];
    int[] odd = new int[count];
    for (int half = 0; half < 2; half++) {
      int[] pairs = new int[count];
      for (int lane = 0; lane < count; lane++) {
        pairs[lane] = (half * count + lane) / 2;
        even[lane] = 2 * lane;
        odd[lane] = 2 * lane + 1;
      }
      Operand first = writer.add(position, Operand.i64((long) half * count));
      Operand address = writer.address(LlvmTypes.element(type), pointer, first);
      halves.add(
          mask == null
              ? writer.load(type, address)
              : writer.maskedLoad(type, address, writer.shuffle(mask, mask, pairs)));
    }
    return List.of(
        writer.shuffle(halves.get(0), halves.get(1), even),
        writer.shuffle(halves.get(0), halves.get(1), odd));
  }

  /** A vector from so many places after a position on, of which the even ones are needed. */
  private Operand evenPlaces(
      String type, Operand pointer, Operand position, Operand mask, int after) {
    Operand first = writer.add(position, Operand.i64(after));
    Operand address = writer.address(LlvmTypes.element(type), pointer, first);
    if (mask == null) {
      return writer.load(type, address);
    }
    int[] chosen = new int[count];
    for (int lane = 0; lane < count; lane++) {
      int place = after + lane;
      chosen[lane] = place % 2 == 0 ? place / 2 : count;
    }
    Operand none = new Operand(mask.type(), "zeroinitializer");
    return writer.maskedLoad(type, address, writer.shuffle(mask, none, chosen));
  }

  /**
   * Stores two vectors whose lanes take turns.
   *
   * @param mask the pairs to be stored; null for all
   */
  void store(Operand even, Operand odd, Operand pointer, Operand position, Operand mask) {
    for (int half = 0; half < 2; half++) {
      int[] values = new int[count];
      int[] pairs = new int[count];
      for (int lane = 0; lane < count; lane++) {
        pairs[lane] = (half * count + lane) / 2;
        values[lane] = pairs[lane] + lane % 2 * count;
      }
      Operand first = writer.add(position, Operand.i64((long) half * count));
      Operand address = writer.address(even.element(), pointer, first);
      Operand vector = writer.shuffle(even, odd, values);
      writer.storeLanes(vector, address, mask == null ? null : writer.shuffle(mask, mask, pairs));
    }
  }

  /**
   * Stores a vector, and nothing between its lanes: two masked stores; a scatter takes a store for
   * each lane.
   *
   * @param mask the lanes to be stored; null for all
   */
  void store(Operand value, Operand pointer, Operand position, Operand mask) {
    Operand given = mask == null ? writer.splat(Operand.TRUE, count) : mask;
    Operand none = new Operand(given.type(), "zeroinitializer");
    for (int half = 0; half < 2; half++) {
      int[] values = new int[count];
      int[] stored = new int[count];
      for (int lane = 0; lane < count; lane++) {
        values[lane] = (half * count + lane) / 2;
        stored[lane] = lane % 2 == 0 ? values[lane] : count;
      }
      Operand first = writer.add(position, Operand.i64((long) half * count));
      Operand address = writer.address(value.element(), pointer, first);
      writer.maskedStore(
          writer.shuffle(value, value, values), address, writer.shuffle(given, none, stored));
    }
  }
}
