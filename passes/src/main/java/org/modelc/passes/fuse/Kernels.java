package org.modelc.passes.fuse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * The kernels while they are being fused, with who reads and writes what and who waits for whom.
 */
final class Kernels {
  private final KernelProgram program;
  private final Set<Buffer> outputs = new HashSet<>();
  private final Map<Kernel, Set<Buffer>> reads = new IdentityHashMap<>();
  private final Map<Kernel, Set<Buffer>> writes = new IdentityHashMap<>();
  private List<Kernel> order;
  private final Map<Buffer, List<Kernel>> readers = new HashMap<>();
  private final Map<Buffer, List<Kernel>> writers = new HashMap<>();
  private final Map<String, Kernel> byName = new HashMap<>();

  Kernels(KernelProgram program, List<Kernel> order) {
    this.program = program;
    this.order = order;
    for (KernelProgram.Parameter parameter : program.parameters()) {
      if (parameter.role() == Role.OUTPUT) {
        outputs.add(parameter.buffer());
      }
    }
    order.forEach(this::enter);
  }

  List<Kernel> order() {
    return order;
  }

  /** The kernel of this name, or null if it was joined to another. */
  Kernel named(String name) {
    return byName.get(name);
  }

  Buffer storage(Buffer buffer) {
    return program.storage(buffer);
  }

  boolean isOutput(Buffer storage) {
    return outputs.contains(storage);
  }

  /** What a kernel reads, views resolved. */
  Set<Buffer> reads(Kernel kernel) {
    return reads.computeIfAbsent(kernel, key -> resolved(key.reads()));
  }

  /** What a kernel writes, views resolved. */
  Set<Buffer> writes(Kernel kernel) {
    return writes.computeIfAbsent(kernel, key -> resolved(key.writes()));
  }

  private Set<Buffer> resolved(List<Buffer> buffers) {
    Set<Buffer> resolved = new LinkedHashSet<>();
    buffers.forEach(buffer -> resolved.add(storage(buffer)));
    return resolved;
  }

  /** The kernels that read a buffer. */
  List<Kernel> readers(Buffer storage) {
    return List.copyOf(readers.getOrDefault(storage, List.of()));
  }

  /** The kernels that write a buffer. */
  List<Kernel> writers(Buffer storage) {
    return writers.getOrDefault(storage, List.of());
  }

  private void enter(Kernel kernel) {
    reads(kernel).forEach(b -> readers.computeIfAbsent(b, key -> new ArrayList<>()).add(kernel));
    writes(kernel).forEach(b -> writers.computeIfAbsent(b, key -> new ArrayList<>()).add(kernel));
    byName.put(kernel.name(), kernel);
  }

  private void leave(Kernel kernel) {
    byName.remove(kernel.name());
    reads(kernel).forEach(buffer -> readers.get(buffer).removeIf(each -> each == kernel));
    writes(kernel).forEach(buffer -> writers.get(buffer).removeIf(each -> each == kernel));
  }

  /** Puts kernels in the places of others, under the same names. */
  void replace(Map<Kernel, Kernel> replacements) {
    // In the order of kernels: an identity map's own order differs from run to run.
    List<Kernel> replaced = order.stream().filter(replacements::containsKey).toList();
    replaced.forEach(this::leave);
    replaced.forEach(kernel -> enter(replacements.get(kernel)));
    order = order.stream().map(kernel -> replacements.getOrDefault(kernel, kernel)).toList();
  }

  void remove(Kernel kernel) {
    leave(kernel);
    order = order.stream().filter(each -> each != kernel).toList();
  }

  /**
   * Whether one kernel must run before another, by way of a third. Looks only at what lies between
   * the two: asked after every change of a large program, the whole graph would be too much.
   */
  boolean isIndirectlyBefore(Kernel first, Kernel last) {
    int from = index(first);
    int to = index(last);
    Set<Buffer> read = new HashSet<>();
    Set<Buffer> written = new HashSet<>();
    for (int i = from + 1; i < to; i++) {
      Kernel kernel = order.get(i);
      if (mustFollow(kernel, reads(first), writes(first)) || mustFollow(kernel, read, written)) {
        read.addAll(reads(kernel));
        written.addAll(writes(kernel));
      }
    }
    return from < to && mustFollow(last, read, written);
  }

  /** Whether a kernel touches what was written, or writes what was read. */
  private boolean mustFollow(Kernel kernel, Set<Buffer> read, Set<Buffer> written) {
    for (Buffer buffer : reads(kernel)) {
      if (written.contains(buffer)) {
        return true;
      }
    }
    for (Buffer buffer : writes(kernel)) {
      if (written.contains(buffer) || read.contains(buffer)) {
        return true;
      }
    }
    return false;
  }

  private boolean mustFollow(Kernel kernel, Kernel earlier) {
    return mustFollow(kernel, reads(earlier), writes(earlier));
  }

  /** Whether one kernel must run before another. */
  boolean isBefore(Kernel first, Kernel last) {
    boolean directly = index(first) < index(last) && mustFollow(last, first);
    return directly || isIndirectlyBefore(first, last);
  }

  /**
   * Puts one kernel in the place of two that no third one separates: where the first stands, or
   * behind the last that the second waits for. What waits for the first moves behind that.
   */
  void merge(Kernel first, Kernel second, Kernel merged) {
    int a = index(first);
    int b = index(second);
    int awaited = b - 1;
    while (awaited > a && !mustFollow(second, order.get(awaited))) {
      awaited--;
    }
    List<Kernel> sorted = new ArrayList<>(order.subList(0, a));
    List<Kernel> behind = new ArrayList<>();
    Set<Buffer> read = new HashSet<>(reads(first));
    Set<Buffer> written = new HashSet<>(writes(first));
    for (Kernel kernel : order.subList(a + 1, awaited + 1)) {
      if (!mustFollow(kernel, read, written)) {
        sorted.add(kernel);
      } else if (mustFollow(second, kernel)) {
        throw new IllegalStateException("kernels wait for each other after fusion");
      } else {
        behind.add(kernel);
        read.addAll(reads(kernel));
        written.addAll(writes(kernel));
      }
    }
    sorted.add(merged);
    sorted.addAll(behind);
    sorted.addAll(order.subList(awaited + 1, b));
    sorted.addAll(order.subList(b + 1, order.size()));
    leave(first);
    leave(second);
    enter(merged);
    order = List.copyOf(sorted);
  }

  /** The position of a kernel in the order. */
  int index(Kernel kernel) {
    for (int i = 0; i < order.size(); i++) {
      if (order.get(i) == kernel) {
        return i;
      }
    }
    throw new IllegalArgumentException("kernel " + kernel.name() + " is gone");
  }
}
