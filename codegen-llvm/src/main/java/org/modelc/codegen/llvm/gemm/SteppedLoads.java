package org.modelc.codegen.llvm.gemm;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.modelc.codegen.llvm.emit.EverySecond;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;

/**
 * Vectors of elements that lie a step apart, which begin at several places: with a step of two,
 * places side by side are read together.
 */
final class SteppedLoads {
  private final FunctionWriter out;
  private final String element;
  private final int lanes;
  private final long step;
  private final Operand first;
  private final Operand mask;
  private final Map<Long, Operand> known = new HashMap<>();

  /**
   * @param step 1 or 2
   * @param first where places are counted from
   * @param mask the lanes to be read; null for all
   */
  SteppedLoads(
      FunctionWriter out, String element, int lanes, long step, Operand first, Operand mask) {
    this.out = out;
    this.element = element;
    this.lanes = lanes;
    this.step = step;
    this.first = first;
    this.mask = mask;
  }

  /** Calls a body with the vector of each place and all that it meets, places in their order. */
  static void each(
      SteppedLoads loads,
      Map<Long, List<DepthwiseRun.Use>> uses,
      BiConsumer<Operand, DepthwiseRun.Use> body) {
    uses.forEach(
        (place, all) -> {
          Operand elements = loads.at(place, uses.containsKey(place + 1));
          all.forEach(use -> body.accept(elements, use));
        });
  }

  private Operand at(long place, boolean isPair) {
    Operand vector = known.get(place);
    if (vector != null) {
      return vector;
    }
    if (step == 1) {
      Operand from = out.address(element, first, Operand.i64(place));
      String type = LlvmTypes.vector(element, lanes);
      vector = mask == null ? out.load(type, from) : out.maskedLoad(type, from, mask);
      known.put(place, vector);
      return vector;
    }
    EverySecond every = new EverySecond(out, lanes);
    String type = LlvmTypes.vector(element, lanes);
    if (isPair) {
      List<Operand> both = every.loadBoth(type, first, Operand.i64(place), mask);
      known.put(place, both.get(0));
      known.put(place + 1, both.get(1));
    } else {
      Operand before = mask == null ? known.get(place - 2) : null;
      known.put(
          place,
          before == null
              ? every.load(type, first, Operand.i64(place), mask)
              : moved(before, place));
    }
    return known.get(place);
  }

  /** The vector of the place two before without its first lane, and the element behind. */
  private Operand moved(Operand before, long place) {
    Operand end = out.address(element, first, Operand.i64(place + 2L * (lanes - 1)));
    Operand behind = out.splat(out.load(element, end), lanes);
    int[] chosen = new int[lanes];
    for (int lane = 0; lane < lanes; lane++) {
      chosen[lane] = lane + 1;
    }
    return out.shuffle(before, behind, chosen);
  }
}
