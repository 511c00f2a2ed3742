package org.modelc.codegen.cuda.emit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.CollapsedNest;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ProgramBuffers;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Nests that follow each other over the same rows, each needing of the others' results its own row
 * alone: a softmax, a normalisation and its gradient at the rows. One kernel runs them, a warp a
 * row; what one of them stores the next finds in the first-level cache.
 *
 * <p>Legal if memory that one of them writes and another touches is touched by all at the row that
 * their first axes count, as elements of one type.
 */
final class RowGroup {
  /** Elements of a row that lanes take in turn at most. */
  private static final long MOST_ELEMENTS = 4096;

  /** Fewer leave most lanes idle. */
  private static final long LEAST_ELEMENTS = 16;

  /** Elements that one lane joins by itself at most. */
  private static final long MOST_JOINED = 32;

  /** Nests that need more registers together than the assembler takes of its own accord. */
  private static final int MANY_NESTS = 4;

  /** Blocks on a multiprocessor that are enough then, for 64 registers a thread. */
  private static final int ENOUGH_BLOCKS = 4;

  private final ProgramBuffers buffers;
  private final List<Dim> rows;
  private final List<LoopNest> nests = new ArrayList<>();
  private final Map<Integer, Access> accesses = new HashMap<>();

  /**
   * How memory is touched.
   *
   * @param row the size of a row; null if some access is not at the row
   */
  private record Access(Dim row, DType dtype, boolean isWritten) {
    Access and(Access other) {
      boolean same = row != null && row.equals(other.row) && dtype == other.dtype;
      return new Access(same ? row : null, dtype, isWritten || other.isWritten);
    }

    boolean conflicts(Access other) {
      boolean isShared = isWritten || other.isWritten;
      return dtype != other.dtype || (isShared && and(other).row == null);
    }
  }

  private RowGroup(LoopNest first, int axes, ProgramBuffers buffers) {
    this.buffers = buffers;
    this.rows = first.parallel().subList(0, axes).stream().map(Axis::extent).toList();
    nests.add(first);
    accesses.putAll(accesses(first));
  }

  /**
   * The longest group that begins with a nest.
   *
   * @param following the nests after it, as long as they run by threads over points
   */
  static RowGroup of(LoopNest first, List<LoopNest> following, ProgramBuffers buffers) {
    for (int axes = first.parallel().size(); axes > 0; axes--) {
      RowGroup group = new RowGroup(first, axes, buffers);
      if (group.fits(first) && group.isSound()) {
        for (LoopNest nest : following) {
          if (!group.add(nest)) {
            break;
          }
        }
        if (group.nests.size() > 1) {
          return group;
        }
      }
    }
    return null;
  }

  /** The nests that run in turn. */
  List<LoopNest> nests() {
    return nests;
  }

  private boolean isSound() {
    return accesses.values().stream().noneMatch(access -> access.dtype == null);
  }

  private boolean add(LoopNest nest) {
    if (!fits(nest)) {
      return false;
    }
    Map<Integer, Access> own = accesses(nest);
    boolean needs = false;
    for (Map.Entry<Integer, Access> access : own.entrySet()) {
      Access known = accesses.get(access.getKey());
      if (access.getValue().dtype == null
          || (known != null && known.conflicts(access.getValue()))) {
        return false;
      }
      needs |= known != null && known.isWritten;
    }
    if (needs) {
      own.forEach((place, access) -> accesses.merge(place, access, Access::and));
      nests.add(nest);
    }
    return needs;
  }

  /** Whether a nest has the group's rows, and as many elements in each as suit a warp. */
  private boolean fits(LoopNest nest) {
    if (nest.parallel().size() < rows.size()) {
      return false;
    }
    for (int i = 0; i < rows.size(); i++) {
      if (!nest.parallel().get(i).extent().equals(rows.get(i))) {
        return false;
      }
    }
    Dim points = Points.count(nest.parallel().subList(rows.size(), nest.parallel().size()));
    Dim joined = Points.count(nest.reduce());
    if (!points.isStatic() || !joined.isStatic() || !isLeading(nest)) {
      return false;
    }
    long elements = points.value() * joined.value();
    return elements >= LEAST_ELEMENTS
        && elements <= MOST_ELEMENTS
        && (points.is(1) || joined.value() <= MOST_JOINED);
  }

  /** Whether all that is stored is stored at the row, so that warps write apart. */
  private boolean isLeading(LoopNest nest) {
    return nest.stores().stream()
        .allMatch(store -> row(nest, store.buffer(), store.index()) != null);
  }

  private Map<Integer, Access> accesses(LoopNest nest) {
    Map<Integer, Access> found = new HashMap<>();
    List<Expr> roots = new ArrayList<>();
    nest.reductions().forEach(r -> roots.addAll(List.of(r.initial(), r.body())));
    for (LoopNest.Store store : nest.stores()) {
      roots.add(store.value());
      roots.addAll(store.index());
      touch(found, nest, store.buffer(), store.index(), true);
    }
    for (Expr root : roots) {
      ExprWalk.visit(
          root,
          expr -> {
            if (expr instanceof Expr.Load load) {
              touch(found, nest, load.buffer(), load.index(), false);
            }
          });
    }
    return found;
  }

  /** Notes an access; one of another type than the memory's others has none. */
  private void touch(
      Map<Integer, Access> found,
      LoopNest nest,
      Buffer buffer,
      List<Expr> index,
      boolean isWritten) {
    int place = buffers.placeOf(buffer);
    Access own = new Access(row(nest, buffer, index), buffer.dtype(), isWritten);
    Access known = found.get(place);
    if (known != null && known.conflicts(own) && known.dtype != own.dtype) {
      own = new Access(null, null, true);
    }
    found.merge(place, own, (a, b) -> a.dtype == null || b.dtype == null ? b : a.and(b));
  }

  /** The size of a row of a buffer that is touched at the row; else null. */
  private Dim row(LoopNest nest, Buffer buffer, List<Expr> index) {
    if (index.size() < rows.size()) {
      return null;
    }
    for (int i = 0; i < rows.size(); i++) {
      boolean atRow =
          index.get(i).equals(nest.parallel().get(i).variable())
              && buffer.shape().get(i).equals(rows.get(i));
      if (!atRow) {
        return null;
      }
    }
    return Dim.product(buffer.shape().subList(rows.size(), buffer.rank()));
  }

  /** The kernel that runs them. */
  Phase write(ProgramWriter program) {
    KernelFunction function = program.function();
    SourceText out = function.out();
    out.line("const unsigned lane = threadIdx.x % 32u;");
    String row = function.fresh("row");
    int perBlock = Points.BLOCK / 32;
    Dim count = Dim.product(rows);
    List<String> names = new ArrayList<>();
    Points.each(
        function,
        row,
        "blockIdx.x * " + perBlock + "u + threadIdx.x / 32u",
        count,
        perBlock,
        () -> {
          for (LoopNest nest : nests) {
            if (!names.isEmpty()) {
              // What one lane stored others read.
              out.line("__syncwarp();");
            }
            names.add(nest.name());
            out.open("");
            out.line("// " + nest.name());
            Points.decode(function, row, nest.parallel().subList(0, rows.size()));
            new NestWriter(CollapsedNest.of(within(nest)), function).alongLanes();
            out.close();
          }
        });
    List<String> schedule = List.of("a warp a row" + rows, "in turn " + names);
    int least = nests.size() < MANY_NESTS ? 1 : ENOUGH_BLOCKS;
    return function.finish(
        nests.get(0), schedule, Points.grid(count, perBlock), Points.BLOCK, least);
  }

  /** The nest at one row. */
  private LoopNest within(LoopNest nest) {
    return new LoopNest(
        nest.name(),
        nest.parallel().subList(rows.size(), nest.parallel().size()),
        nest.reduce(),
        nest.reductions(),
        nest.stores(),
        nest.origin());
  }
}
