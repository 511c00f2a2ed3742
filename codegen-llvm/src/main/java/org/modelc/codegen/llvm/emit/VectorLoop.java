package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.List;

/**
 * A loop over a range in vectors: several at a time, then one at a time, the last under a mask.
 *
 * @param lanes elements of a vector
 * @param unroll vectors at a time
 */
record VectorLoop(FunctionWriter writer, int lanes, int unroll) {
  /** What is done with some vectors. */
  interface Body {
    /**
     * @param starts the position of each vector's first lane
     * @param mask which lanes exist, if there is one vector and some may not; else null
     * @param carried as many for each vector
     * @return the next carried values
     */
    List<Operand> write(List<Operand> starts, Operand mask, List<Operand> carried);
  }

  /**
   * Writes the loop.
   *
   * @param initial carried values, as many for each of the vectors at a time
   * @return their last values
   */
  List<Operand> write(Operand from, Operand to, List<Operand> initial, Body body) {
    long block = (long) lanes * unroll;
    boolean known = from.isConstant() && to.isConstant();
    long extent = known ? Long.parseLong(to.text()) - Long.parseLong(from.text()) : -1;
    if (known && extent < block) {
      return few(from, to, extent, initial, body);
    }
    Operand whole =
        known
            ? Operand.i64(Long.parseLong(from.text()) + extent / block * block)
            : wholeBlocks(from, to, block);
    List<Operand> carried =
        writer.loop(
            from,
            whole,
            block,
            initial,
            (index, values) -> body.write(starts(index), null, values));
    return rest(whole, to, known ? extent % block : -1, carried, body);
  }

  /** Less than one block: whole vectors, then what is left under a mask. */
  private List<Operand> few(
      Operand from, Operand to, long extent, List<Operand> carried, Body body) {
    long whole = extent / lanes * lanes;
    if (whole == 0 || whole == extent) {
      return rest(from, to, extent, carried, body);
    }
    Operand middle = Operand.i64(Long.parseLong(from.text()) + whole);
    List<Operand> next = rest(from, middle, whole, carried, body);
    return rest(middle, to, extent - whole, next, body);
  }

  private Operand wholeBlocks(Operand from, Operand to, long block) {
    Operand extent = writer.subtract(to, from);
    Operand whole = writer.binary("and", extent, Operand.i64(-block));
    return writer.add(from, whole);
  }

  private List<Operand> starts(Operand first) {
    List<Operand> starts = new ArrayList<>();
    for (int i = 0; i < unroll; i++) {
      starts.add(writer.add(first, Operand.i64((long) i * lanes)));
    }
    return starts;
  }

  /**
   * @param extent what is left, or -1 if it is not known
   */
  private List<Operand> rest(
      Operand from, Operand to, long extent, List<Operand> carried, Body body) {
    if (extent == 0) {
      return carried;
    }
    int each = carried.size() / unroll;
    List<Operand> first = carried.subList(0, each);
    List<Operand> next;
    if (extent > 0 && extent <= lanes) {
      next = one(from, to, extent, first, body);
    } else {
      next =
          writer.loop(
              from, to, lanes, first, (index, values) -> one(index, to, extent, values, body));
    }
    List<Operand> all = new ArrayList<>(next);
    all.addAll(carried.subList(each, carried.size()));
    return all;
  }

  private List<Operand> one(
      Operand from, Operand to, long extent, List<Operand> carried, Body body) {
    boolean exact = extent > 0 && extent % lanes == 0;
    Operand mask = exact ? null : mask(writer.subtract(to, from), extent);
    return body.write(List.of(from), mask, carried);
  }

  private Operand mask(Operand left, long extent) {
    return writer.mask(extent > 0 && extent < lanes ? Operand.i64(extent) : left, lanes);
  }
}
