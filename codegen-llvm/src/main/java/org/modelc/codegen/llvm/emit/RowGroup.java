package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.Dim;

/**
 * Nests that follow each other over the same rows, each needing of the others' results its own row
 * alone: a softmax, a normalisation. They run in turn on some rows at a time, while these are in
 * the first cache, and without a barrier between them.
 *
 * <p>A row is a point of the nests' first axis, or of more of their leading axes if rows of fewer
 * are too large for the first cache. Legal if memory that one of them writes and another touches is
 * touched by all at the point's row, in rows of one size. A temporary that no other kernel touches
 * is in the worker's memory, as many rows of it as run together, so that it never leaves the
 * caches.
 */
final class RowGroup {
  private static final int LEAST_BLOCKS = 16;

  /** The most bytes of rows in a worker's memory: the second cache has room for them. */
  private static final long LARGEST_ROW = 1 << 18;

  /** Bytes of a cache line, at which memory of buffers begins. */
  private static final int LINE = 64;

  /** Taken for a dim that is known only at a call. */
  private static final double ASSUMED_EXTENT = 64;

  private final ProgramWriter program;
  private final List<LoopNest> nests = new ArrayList<>();
  private final List<RangeKernel> members = new ArrayList<>();

  /** How memory is touched, by place; for each number of axes that rows can be of. */
  private NavigableMap<Integer, Map<Integer, Access>> depths;

  /**
   * How memory is touched.
   *
   * @param rowBytes the size of a row; null if some access is not at the row
   */
  private record Access(Dim rowBytes, boolean isWritten) {
    Access and(Access other) {
      boolean same = rowBytes != null && rowBytes.equals(other.rowBytes);
      return new Access(same ? rowBytes : null, isWritten || other.isWritten);
    }

    boolean conflicts(Access other) {
      return (isWritten || other.isWritten) && and(other).rowBytes == null;
    }
  }

  /** A group of one nest. */
  RowGroup(LoopNest nest, RangeKernel kernel, ProgramWriter program) {
    this.program = program;
    this.depths = depths(nest, kernel);
    nests.add(nest);
    members.add(kernel);
  }

  /** The nests that run in turn. */
  List<LoopNest> nests() {
    return nests;
  }

  /** Takes in another nest, if that is legal and it needs what the group writes. */
  boolean add(LoopNest nest, RangeKernel kernel) {
    NavigableMap<Integer, Map<Integer, Access>> own = depths(nest, kernel);
    NavigableMap<Integer, Map<Integer, Access>> joint = new TreeMap<>();
    for (int depth : own.keySet()) {
      if (depths.containsKey(depth) && extents(nest, depth).equals(extents(nests.get(0), depth))) {
        Map<Integer, Access> merged = merged(depths.get(depth), own.get(depth));
        if (merged != null) {
          joint.put(depth, merged);
        }
      }
    }
    if (joint.isEmpty() || isBetterApart(own, joint)) {
      return false;
    }
    depths = joint;
    nests.add(nest);
    members.add(kernel);
    return true;
  }

  /** What both touch; null if they are in each other's way or the second needs nothing of it. */
  private static Map<Integer, Access> merged(
      Map<Integer, Access> group, Map<Integer, Access> added) {
    Map<Integer, Access> merged = new HashMap<>(group);
    boolean needs = false;
    for (Map.Entry<Integer, Access> access : added.entrySet()) {
      Access known = group.get(access.getKey());
      if (known != null && known.conflicts(access.getValue())) {
        return null;
      }
      needs |= known != null && known.isWritten;
      merged.merge(access.getKey(), access.getValue(), Access::and);
    }
    return needs ? merged : null;
  }

  /**
   * Whether a small nest would make rows so large that all that a large one touches leaves the
   * first cache before the next nest of the group runs.
   */
  private boolean isBetterApart(
      NavigableMap<Integer, Map<Integer, Access>> own,
      NavigableMap<Integer, Map<Integer, Access>> joint) {
    int depth = depth(joint);
    int finest = Math.max(depth(depths), depth(own));
    if (depth >= finest || fits(joint.get(depth))) {
      return false;
    }
    double before = assumedBytes(depths.get(depth));
    double added = assumedBytes(own.get(depth));
    return 2 * Math.min(before, added) < Math.max(before, added);
  }

  private static double assumedBytes(Map<Integer, Access> accesses) {
    return accesses.values().stream()
        .filter(access -> access.rowBytes != null)
        .mapToDouble(access -> VectorAxis.size(access.rowBytes, ASSUMED_EXTENT))
        .sum();
  }

  /** As few axes as make rows that fit into the first cache. */
  private int depth(NavigableMap<Integer, Map<Integer, Access>> some) {
    for (Map.Entry<Integer, Map<Integer, Access>> depth : some.entrySet()) {
      if (fits(depth.getValue())) {
        return depth.getKey();
      }
    }
    return some.isEmpty() ? 0 : some.lastKey();
  }

  private boolean fits(Map<Integer, Access> accesses) {
    boolean known =
        accesses.values().stream().allMatch(a -> a.rowBytes == null || a.rowBytes.isStatic());
    return known && rowBytes(accesses) <= cacheBytes();
  }

  private long cacheBytes() {
    return program.target().firstCacheBytes() * 3L / 4;
  }

  /** Bytes of a row of all memory whose rows are known, and one more. */
  private static long rowBytes(Map<Integer, Access> accesses) {
    long bytes = 1;
    for (Access access : accesses.values()) {
      if (access.rowBytes != null && access.rowBytes.isStatic()) {
        bytes += access.rowBytes.value();
      }
    }
    return bytes;
  }

  /** How a nest touches memory, for each number of leading axes that its tasks follow. */
  private NavigableMap<Integer, Map<Integer, Access>> depths(LoopNest nest, RangeKernel kernel) {
    NavigableMap<Integer, Map<Integer, Access>> found = new TreeMap<>();
    int most = nest.parallel().size();
    while (most > 0 && !rows(nest, most).equals(kernel.leading())) {
      most--;
    }
    for (int depth = 1; depth <= most; depth++) {
      Dim rows = rows(nest, depth);
      if (!rows.is(1) && scale(kernel, rows) != null) {
        found.put(depth, accesses(nest, depth));
      }
    }
    return found;
  }

  private static List<Dim> extents(LoopNest nest, int depth) {
    return nest.parallel().subList(0, depth).stream().map(Axis::extent).toList();
  }

  private static Dim rows(LoopNest nest, int depth) {
    return Dim.product(extents(nest, depth));
  }

  private Map<Integer, Access> accesses(LoopNest nest, int depth) {
    Map<Integer, Access> found = new HashMap<>();
    List<Expr> roots = new ArrayList<>();
    nest.reductions().forEach(r -> roots.addAll(List.of(r.initial(), r.body())));
    for (LoopNest.Store store : nest.stores()) {
      roots.add(store.value());
      Access access = new Access(rowBytes(nest, store.buffer(), store.index(), depth), true);
      found.merge(program.buffers().placeOf(store.buffer()), access, Access::and);
    }
    Set<Expr> seen = new HashSet<>();
    for (Expr root : roots) {
      ExprWalk.visit(
          root,
          expr -> {
            if (expr instanceof Expr.Load load && seen.add(load)) {
              Dim rowBytes = rowBytes(nest, load.buffer(), load.index(), depth);
              Access access = new Access(rowBytes, false);
              found.merge(program.buffers().placeOf(load.buffer()), access, Access::and);
            }
          });
    }
    return found;
  }

  /** Whether a result of a nest could be in the worker's memory if another ran in turn with it. */
  static boolean ownsResult(LoopNest nest, LoopNest reader, ProgramWriter program) {
    Set<String> names = Set.copyOf(List.of(nest.name(), reader.name()));
    return nest.stores().stream()
        .anyMatch(
            store ->
                canBeOwn(rowBytes(nest, store.buffer(), store.index(), 1))
                    && program.isOwnedBy(names, program.buffers().placeOf(store.buffer())));
  }

  private static boolean canBeOwn(Dim rowBytes) {
    return rowBytes != null
        && rowBytes.isStatic()
        && rowBytes.value() > 0
        && rowBytes.value() * unit(rowBytes) <= LARGEST_ROW;
  }

  /** Rows that are whole cache lines together; a power of two. */
  private static long unit(Dim rowBytes) {
    return LINE / Math.min(LINE, Long.lowestOneBit(rowBytes.value()));
  }

  private static Dim rowBytes(LoopNest nest, Buffer buffer, List<Expr> index, int depth) {
    if (index.size() < depth || nest.parallel().size() < depth) {
      return null;
    }
    for (int i = 0; i < depth; i++) {
      Axis axis = nest.parallel().get(i);
      boolean atRow = axis.extent().is(1) || index.get(i).equals(axis.variable());
      if (!atRow || !buffer.shape().get(i).equals(axis.extent())) {
        return null;
      }
    }
    Dim elements = Dim.product(buffer.shape().subList(depth, buffer.rank()));
    return elements.times(buffer.dtype().bytes());
  }

  /** Tasks of a kernel for a row, but for blocks of columns; null if rows do not divide them. */
  private static Dim scale(RangeKernel kernel, Dim rows) {
    return kernel.tasks().outer().dividedExactly(rows);
  }

  /** The phase of all members. */
  Phase phase() {
    return members.size() == 1
        ? TaskGrid.phase(members.get(0), program)
        : TaskGrid.phase(joined(), program);
  }

  private RangeKernel joined() {
    int depth = depth(depths);
    Dim rows = rows(nests.get(0), depth);
    KernelFunction function = program.function();
    FunctionWriter writer = function.writer();
    Map<Integer, Dim> own = own(depth);
    long unit = own.values().stream().mapToLong(RowGroup::unit).max().orElse(1);
    long most = blockRows(depth, unit);
    Operand even = writer.binary("udiv", function.dim(rows), Operand.i64(LEAST_BLOCKS));
    if (unit > 1) {
      even = writer.binary("and", even, Operand.i64(-unit));
    }
    Operand limited = writer.minimum(even, Operand.i64(most));
    Operand block = writer.intrinsic("llvm.smax", "i64", limited, Operand.i64(unit));
    List<Operand> scales = new ArrayList<>();
    for (RangeKernel member : members) {
      Operand blocks = member.tasks().blocks(function);
      scales.add(writer.multiply(function.dim(scale(member, rows)), blocks));
    }
    Map<Integer, Operand> memory = ownMemory(function, own, most);
    Operand extent = writer.subtract(function.second(), function.first());
    Operand above = writer.subtract(writer.add(extent, block), Operand.i64(1));
    writer.loop(
        Operand.i64(0),
        writer.binary("udiv", above, block),
        1,
        number -> {
          Operand from = writer.add(function.first(), writer.multiply(number, block));
          Operand to = writer.minimum(writer.add(from, block), function.second());
          callAll(function, scales, from, to, memory, own);
        });
    return finish(function, depth, unit);
  }

  /** The row's bytes of places that are the group's own. */
  private Map<Integer, Dim> own(int depth) {
    Set<String> names = nests.stream().map(LoopNest::name).collect(Collectors.toSet());
    Map<Integer, Dim> own = new TreeMap<>();
    depths
        .get(depth)
        .forEach(
            (place, access) -> {
              if (canBeOwn(access.rowBytes) && program.isOwnedBy(names, place)) {
                own.put(place, access.rowBytes);
              }
            });
    return own;
  }

  /** The worker's memory for what is in places that are the group's own. */
  private Map<Integer, Operand> ownMemory(
      KernelFunction function, Map<Integer, Dim> own, long mostRows) {
    Dim offset = Dim.ZERO;
    for (RangeKernel member : members) {
      offset = KernelFunction.larger(offset, member.callable().scratchBytes());
    }
    Map<Integer, Operand> memory = new TreeMap<>();
    if (!offset.isStatic()) {
      return memory;
    }
    for (Map.Entry<Integer, Dim> place : own.entrySet()) {
      Dim bytes = place.getValue().times(mostRows);
      Dim from = Dim.constant((offset.value() + LINE - 1) / LINE * LINE);
      memory.put(place.getKey(), function.scratch(from, bytes));
      offset = from.plus(bytes);
    }
    return memory;
  }

  private void callAll(
      KernelFunction function,
      List<Operand> scales,
      Operand from,
      Operand to,
      Map<Integer, Operand> memory,
      Map<Integer, Dim> rowBytes) {
    FunctionWriter writer = function.writer();
    Map<Integer, Operand> own = new HashMap<>();
    memory.forEach(
        (place, address) -> {
          // Where the first row would be, for the row that is at hand to lie in the memory.
          Operand row = function.dim(rowBytes.get(place));
          Operand before = writer.subtract(Operand.i64(0), writer.multiply(from, row));
          own.put(place, writer.address("i8", address, before));
        });
    for (int i = 0; i < members.size(); i++) {
      Operand first = writer.multiply(from, scales.get(i));
      Operand second = writer.multiply(to, scales.get(i));
      function.call(members.get(i).callable(), first, second, own);
    }
  }

  /** The most rows that run together: those that fit into the first cache, in whole lines. */
  private long blockRows(int depth, long unit) {
    long rows = Math.max(1, cacheBytes() / rowBytes(depths.get(depth)));
    return Math.max(unit, rows / unit * unit);
  }

  private RangeKernel finish(KernelFunction function, int depth, long unit) {
    Dim rows = rows(nests.get(0), depth);
    List<String> comment = new ArrayList<>();
    comment.add("rows[" + rows + "] of " + members.size() + " kernels in turn");
    Dim work = Dim.ZERO;
    Set<Integer> reads = new TreeSet<>();
    Set<Integer> writes = new TreeSet<>();
    for (RangeKernel member : members) {
      comment.addAll(member.comment());
      work = work.plus(member.work());
      reads.addAll(member.reads());
      writes.addAll(member.writes());
    }
    String name = members.get(0).callable().function() + ".rows";
    TaskCount tasks = new TaskCount(rows, Dim.ONE, 1, unit);
    KernelFunction.Callable callable = function.finish(name, comment.subList(0, 1));
    return new RangeKernel(comment, callable, tasks, work, reads, writes);
  }
}
