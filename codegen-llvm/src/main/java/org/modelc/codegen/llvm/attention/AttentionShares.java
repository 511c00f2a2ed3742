package org.modelc.codegen.llvm.attention;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import org.modelc.codegen.llvm.attention.AttentionRows.Panel;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.codegen.llvm.gemm.Arithmetic;
import org.modelc.codegen.llvm.gemm.TaskProduct.Matrix;
import org.modelc.ir.ops.AttentionShape;
import org.modelc.runtime.spec.Dim;

/** Scores of keys to shares: {@code [key, query]}, the queries of a panel in the lanes. */
final class AttentionShares {
  /** Keys whose values are joined with each other before they are joined with what was before. */
  private static final int TURNS = 4;

  private final AttentionRows rows;
  private final AttentionShape shape;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final Matrix seen;

  /**
   * @param keys the most keys at a time, for whom the mask is turned round
   */
  AttentionShares(AttentionRows rows, Dim keys) {
    this.rows = rows;
    this.shape = rows.shape;
    this.out = rows.out;
    this.math = rows.math;
    this.seen = shape.mask() == null ? null : rows.scratch(keys, rows.columns);
  }

  /**
   * Some keys and who sees them.
   *
   * @param first the number of the first one
   * @param all how many of them every query of the panel sees for sure; they come first
   * @param count how many there are
   * @param limits by vector of queries and lane: the number of keys that the query sees, if the
   *     order of time decides about that; else null
   */
  record Keys(Operand first, Operand all, Operand count, List<Operand> limits) {}

  /** Keys from one on for a panel of queries. */
  Keys keys(Panel panel, Operand first, Operand count) {
    if (shape.mask() != null) {
      turnMask(panel, first, count);
    }
    return new Keys(first, all(panel, first, count), count, limits(panel));
  }

  private Operand all(Panel panel, Operand first, Operand count) {
    if (shape.mask() != null) {
      return Operand.i64(0);
    }
    if (!shape.causal()) {
      return count;
    }
    Operand sure = math.subtract(rows.limit(panel.first()), first);
    return math.maximum(Operand.i64(0), math.minimum(count, sure));
  }

  private List<Operand> limits(Panel panel) {
    if (!shape.causal()) {
      return null;
    }
    Operand next = math.add(math.add(panel.first(), rows.earlier()), Operand.i64(1));
    List<Operand> limits = new ArrayList<>();
    for (int number = 0; number < rows.vectors(); number++) {
      Operand first = number(math.add(next, Operand.i64((long) number * rows.lanes)));
      limits.add(out.add(first, out.lanes("i32", rows.lanes)));
    }
    return limits;
  }

  /** A count in all lanes. */
  private Operand number(Operand count) {
    return out.splat(out.convert("trunc", count, "i32"), rows.lanes);
  }

  private void turnMask(Panel panel, Operand first, Operand count) {
    rows.each(
        count,
        key -> {
          Operand to = rows.at(seen, key);
          Operand number = math.add(first, key);
          if (isSeenByAll()) {
            Operand one = out.load("i8", maskPlace(panel, panel.first(), number));
            out.store(out.splat(one, rows.columns), to);
          } else {
            turnKey(panel, number, to);
          }
        });
  }

  /** Whether the mask tells nothing of queries: a key is there for all of them or for none. */
  private boolean isSeenByAll() {
    List<Dim> axes = shape.maskShape();
    return axes.get(axes.size() - 2).is(1);
  }

  private void turnKey(Panel panel, Operand key, Operand to) {
    Operand last = panel.last(math);
    rows.each(
        Operand.i64(rows.columns),
        lane -> {
          Operand query = math.minimum(math.add(panel.first(), lane), last);
          out.store(out.load("i8", maskPlace(panel, query, key)), out.address("i8", to, lane));
        });
  }

  /** The address of the mask's element for a query and a key. */
  private Operand maskPlace(Panel panel, Operand query, Operand key) {
    List<Dim> axes = shape.maskShape();
    int last = axes.size() - 1;
    Operand place = axes.get(last).is(1) ? Operand.i64(0) : key;
    Dim stride = axes.get(last);
    if (!axes.get(last - 1).is(1)) {
      place = math.add(place, math.times(query, rows.function.dim(stride)));
      stride = stride.times(axes.get(last - 1));
    }
    Operand rest = panel.head().batch();
    for (int axis = last - 2; axis >= 0; axis--) {
      Operand extent = rows.function.dim(shape.batch().get(axis));
      if (!axes.get(axis).is(1)) {
        Operand index = math.remainder(rest, extent);
        place = math.add(place, math.times(index, rows.function.dim(stride)));
        stride = stride.times(axes.get(axis));
      }
      rest = math.divide(rest, extent);
    }
    return out.address("i8", rows.function.pointer(shape.mask()), place);
  }

  /** Which queries of a vector see a key. */
  private Operand isSeen(Keys keys, Operand key, int number) {
    Operand early =
        keys.limits == null
            ? null
            : out.compare("icmp slt", number(math.add(keys.first, key)), keys.limits.get(number));
    if (seen == null) {
      return early;
    }
    String type = LlvmTypes.vector("i8", rows.lanes);
    Operand place = Operand.i64((long) number * rows.lanes);
    Operand stored = out.load(type, out.address("i8", rows.at(seen, key), place));
    Operand set = out.compare("icmp ne", stored, Operand.zero(type));
    return early == null ? set : out.binary("and", early, set);
  }

  /** The greatest scores of queries, and of what is given. */
  List<Operand> greatest(Keys keys, Matrix scores, List<Operand> before) {
    Value score = (key, number) -> out.load(rows.vector, place(scores, key, number));
    return joined(keys, before, new Joint(this::larger, score, AttentionRows.HIDDEN, null));
  }

  /** Multiplies products of queries and keys to scores; gives the greatest ones of queries. */
  List<Operand> greatestScaled(Keys keys, Matrix products) {
    Operand scale = rows.splat(shape.scale());
    Value score =
        (key, number) -> out.multiply(out.load(rows.vector, place(products, key, number)), scale);
    List<Operand> hidden = rows.splats(AttentionRows.HIDDEN);
    return joined(keys, hidden, new Joint(this::larger, score, AttentionRows.HIDDEN, products));
  }

  /** The larger of two, the second if one is NaN: one instruction. */
  private Operand larger(Operand one, Operand other) {
    return out.select(out.compare("fcmp ogt", one, other), one, other);
  }

  /**
   * Puts exponentials of scores, less the greatest, in the scores' place, 0 for keys not seen;
   * gives their sums.
   */
  List<Operand> exponentials(Keys keys, Matrix scores, List<Operand> greatest) {
    Value exponential =
        (key, number) -> {
          Operand score = out.load(rows.vector, place(scores, key, number));
          return rows.exponential(out.subtract(score, greatest.get(number)));
        };
    return joined(keys, rows.splats(0), new Joint(out::add, exponential, 0, scores));
  }

  /** Products of exponentials and of numbers given for the same keys and queries, added up. */
  List<Operand> sumOfProducts(Keys keys, Matrix exponentials, Matrix given) {
    Keys all = new Keys(keys.first, keys.count, keys.count, null);
    Value product =
        (key, number) ->
            out.multiply(
                out.load(rows.vector, place(exponentials, key, number)),
                out.load(rows.vector, place(given, key, number)));
    return joined(all, rows.splats(0), new Joint(out::add, product, 0, null));
  }

  private Operand place(Matrix matrix, Operand key, int number) {
    return rows.at(rows.at(matrix, key), number);
  }

  /** A number for a key and each query of a vector. */
  private interface Value {
    Operand of(Operand key, int number);
  }

  /**
   * What is joined over keys.
   *
   * @param hidden what counts for a query that does not see the key
   * @param kept where what counts is stored; null if it is not
   */
  private record Joint(BinaryOperator<Operand> join, Value value, double hidden, Matrix kept) {}

  private List<Operand> joined(Keys keys, List<Operand> before, Joint joint) {
    Operand whole = math.times(math.divide(keys.all, Operand.i64(TURNS)), TURNS);
    List<Operand> state =
        out.loop(
            Operand.i64(0),
            whole,
            TURNS,
            before,
            (key, carried) -> turn(key, TURNS, carried, joint));
    if (!whole.equals(keys.all)) {
      state = out.loop(whole, keys.all, 1, state, (key, carried) -> turn(key, 1, carried, joint));
    }
    return keys.all.equals(keys.count)
        ? state
        : out.loop(
            keys.all, keys.count, 1, state, (key, carried) -> guarded(keys, key, carried, joint));
  }

  /** Some keys that all queries see. */
  private List<Operand> turn(Operand first, int turns, List<Operand> carried, Joint joint) {
    List<Operand> next = new ArrayList<>();
    for (int number = 0; number < carried.size(); number++) {
      Operand all = null;
      for (int turn = 0; turn < turns; turn++) {
        Operand key = math.add(first, Operand.i64(turn));
        Operand value = kept(joint, joint.value.of(key, number), key, number);
        all = all == null ? value : joint.join.apply(all, value);
      }
      next.add(joint.join.apply(all, carried.get(number)));
    }
    return next;
  }

  /** A key that some queries may not see. */
  private List<Operand> guarded(Keys keys, Operand key, List<Operand> carried, Joint joint) {
    List<Operand> next = new ArrayList<>();
    for (int number = 0; number < carried.size(); number++) {
      Operand value = joint.value.of(key, number);
      Operand seen = out.select(isSeen(keys, key, number), value, rows.splat(joint.hidden));
      next.add(joint.join.apply(kept(joint, seen, key, number), carried.get(number)));
    }
    return next;
  }

  private Operand kept(Joint joint, Operand value, Operand key, int number) {
    if (joint.kept != null) {
      out.store(value, place(joint.kept, key, number));
    }
    return value;
  }
}
