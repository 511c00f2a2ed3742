package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
 * <p>Legal if memory that one of them writes and another touches is touched by all at the row of
 * their first axis, in rows of one size. A temporary that no other kernel touches is in the
 * worker's memory, as many rows of it as run together, so that it never leaves the caches.
 */
final class RowGroup {
  private static final int LEAST_BLOCKS = 16;

  /** The most bytes of a row in a worker's memory: the second cache has room for it. */
  private static final long LARGEST_ROW = 1 << 18;

  /** Bytes of a cache line, at which memory of buffers begins. */
  private static final int LINE = 64;

  private final Dim rows;
  private final List<LoopNest> nests = new ArrayList<>();
  private final List<RangeKernel> members = new ArrayList<>();
  private final Map<Integer, Access> accesses = new HashMap<>();

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

  /** A group of one nest, whose first axis counts rows. */
  RowGroup(LoopNest nest, RangeKernel kernel, BufferPlan buffers) {
    this.rows = nest.parallel().isEmpty() ? Dim.ONE : nest.parallel().get(0).extent();
    nests.add(nest);
    members.add(kernel);
    accesses.putAll(accesses(nest, buffers));
  }

  /** The nests that run in turn. */
  List<LoopNest> nests() {
    return nests;
  }

  /** Takes in another nest, if that is legal and it needs what the group writes. */
  boolean add(LoopNest nest, RangeKernel kernel, BufferPlan buffers) {
    boolean sameRows =
        !rows.is(1)
            && !nest.parallel().isEmpty()
            && nest.parallel().get(0).extent().equals(rows)
            && kernel.rowsLead()
            && members.get(0).rowsLead();
    if (!sameRows || scale(kernel) == null || scale(members.get(0)) == null) {
      return false;
    }
    Map<Integer, Access> own = accesses(nest, buffers);
    boolean needs = false;
    for (Map.Entry<Integer, Access> access : own.entrySet()) {
      Access known = accesses.get(access.getKey());
      if (known != null && known.conflicts(access.getValue())) {
        return false;
      }
      needs |= known != null && known.isWritten;
    }
    if (needs) {
      own.forEach((place, access) -> accesses.merge(place, access, Access::and));
      nests.add(nest);
      members.add(kernel);
    }
    return needs;
  }

  private Map<Integer, Access> accesses(LoopNest nest, BufferPlan buffers) {
    Map<Integer, Access> found = new HashMap<>();
    List<Expr> roots = new ArrayList<>();
    nest.reductions().forEach(r -> roots.addAll(List.of(r.initial(), r.body())));
    for (LoopNest.Store store : nest.stores()) {
      roots.add(store.value());
      Access access = new Access(rowBytes(nest, store.buffer(), store.index()), true);
      found.merge(buffers.placeOf(store.buffer()), access, Access::and);
    }
    Set<Expr> seen = new HashSet<>();
    for (Expr root : roots) {
      ExprWalk.visit(
          root,
          expr -> {
            if (expr instanceof Expr.Load load && seen.add(load)) {
              Dim rowBytes = rowBytes(nest, load.buffer(), load.index());
              Access access = new Access(rowBytes, false);
              found.merge(buffers.placeOf(load.buffer()), access, Access::and);
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
                canBeOwn(rowBytes(nest, store.buffer(), store.index()))
                    && program.isOwnedBy(names, program.buffers().placeOf(store.buffer())));
  }

  private static boolean canBeOwn(Dim rowBytes) {
    return rowBytes != null
        && rowBytes.isStatic()
        && rowBytes.value() % LINE == 0
        && rowBytes.value() <= LARGEST_ROW;
  }

  private static Dim rowBytes(LoopNest nest, Buffer buffer, List<Expr> index) {
    if (index.isEmpty() || nest.parallel().isEmpty()) {
      return null;
    }
    Axis row = nest.parallel().get(0);
    boolean atRow =
        index.get(0).equals(row.variable()) && buffer.shape().get(0).equals(row.extent());
    return atRow
        ? Dim.product(buffer.shape().subList(1, buffer.rank())).times(buffer.dtype().bytes())
        : null;
  }

  /** Tasks of a kernel for a row, but for blocks of columns; null if rows do not divide them. */
  private Dim scale(RangeKernel kernel) {
    return kernel.tasks().outer().dividedExactly(rows);
  }

  /** The phase of all members. */
  Phase phase(ProgramWriter program) {
    return members.size() == 1
        ? TaskGrid.phase(members.get(0), program)
        : TaskGrid.phase(joined(program), program);
  }

  private RangeKernel joined(ProgramWriter program) {
    KernelFunction function = program.function();
    FunctionWriter writer = function.writer();
    Operand count = function.dim(rows);
    Operand most = Operand.i64(cachedRows(program));
    Operand even = writer.binary("udiv", count, Operand.i64(LEAST_BLOCKS));
    Operand limited = writer.minimum(even, most);
    Operand block = writer.intrinsic("llvm.smax", "i64", limited, Operand.i64(1));
    List<Operand> scales = new ArrayList<>();
    for (RangeKernel member : members) {
      Operand blocks = member.tasks().blocks(function);
      scales.add(writer.multiply(function.dim(scale(member)), blocks));
    }
    Map<Integer, Operand> memory = ownMemory(function, program);
    Operand extent = writer.subtract(function.second(), function.first());
    Operand above = writer.subtract(writer.add(extent, block), Operand.i64(1));
    writer.loop(
        Operand.i64(0),
        writer.binary("udiv", above, block),
        1,
        number -> {
          Operand from = writer.add(function.first(), writer.multiply(number, block));
          Operand to = writer.minimum(writer.add(from, block), function.second());
          callAll(function, scales, from, to, memory);
        });
    return finish(function);
  }

  /** The worker's memory for what is in places that are the group's own. */
  private Map<Integer, Operand> ownMemory(KernelFunction function, ProgramWriter program) {
    Dim offset = Dim.ZERO;
    for (RangeKernel member : members) {
      offset = KernelFunction.larger(offset, member.callable().scratchBytes());
    }
    Map<Integer, Operand> memory = new TreeMap<>();
    Set<String> names = nests.stream().map(LoopNest::name).collect(Collectors.toSet());
    for (Map.Entry<Integer, Access> access : accesses.entrySet()) {
      Dim row = access.getValue().rowBytes;
      if (canBeOwn(row) && offset.isStatic() && program.isOwnedBy(names, access.getKey())) {
        Dim from = Dim.constant((offset.value() + LINE - 1) / LINE * LINE);
        Dim bytes = row.times(cachedRows(program));
        memory.put(access.getKey(), function.scratch(from, bytes));
        offset = from.plus(bytes);
      }
    }
    return memory;
  }

  private void callAll(
      KernelFunction function,
      List<Operand> scales,
      Operand from,
      Operand to,
      Map<Integer, Operand> memory) {
    FunctionWriter writer = function.writer();
    Map<Integer, Operand> own = new HashMap<>();
    memory.forEach(
        (place, address) -> {
          // Where the first row would be, for the row that is at hand to lie in the memory.
          Operand row = function.dim(accesses.get(place).rowBytes);
          Operand before = writer.subtract(Operand.i64(0), writer.multiply(from, row));
          own.put(place, writer.address("i8", address, before));
        });
    for (int i = 0; i < members.size(); i++) {
      Operand first = writer.multiply(from, scales.get(i));
      Operand second = writer.multiply(to, scales.get(i));
      function.call(members.get(i).callable(), first, second, own);
    }
  }

  private long cachedRows(ProgramWriter program) {
    long bytes = 1;
    for (Access access : accesses.values()) {
      if (access.rowBytes != null && access.rowBytes.isStatic()) {
        bytes += access.rowBytes.value();
      }
    }
    return Math.max(1, program.target().firstCacheBytes() * 3L / 4 / bytes);
  }

  private RangeKernel finish(KernelFunction function) {
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
    return new RangeKernel(
        comment, function.finish(name, List.of()), TaskCount.of(rows), work, reads, writes, false);
  }
}
