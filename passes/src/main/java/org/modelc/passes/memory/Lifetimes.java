package org.modelc.passes.memory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;

/**
 * From which kernel to which each temporary holds what is still needed; views count as what they
 * view.
 */
final class Lifetimes {
  private final KernelProgram program;
  private final Map<Buffer, int[]> spans = new LinkedHashMap<>();

  /** A temporary that lives from the start of one kernel to the end of another. */
  record Lifetime(Buffer buffer, int first, int last) {
    boolean overlaps(Lifetime other) {
      return first <= other.last && other.first <= last;
    }
  }

  private Lifetimes(KernelProgram program) {
    this.program = program;
  }

  /** The lifetimes of temporaries, in the order of first use. */
  static List<Lifetime> of(KernelProgram program) {
    Lifetimes lifetimes = new Lifetimes(program);
    for (int i = 0; i < program.kernels().size(); i++) {
      Kernel kernel = program.kernels().get(i);
      lifetimes.touch(kernel.writes(), i);
      lifetimes.touch(kernel.reads(), i);
    }
    List<Lifetime> result = new ArrayList<>();
    for (Map.Entry<Buffer, int[]> span : lifetimes.spans.entrySet()) {
      boolean planned =
          program.temporaries().contains(span.getKey())
              && !program.literals().containsKey(span.getKey());
      if (planned) {
        result.add(new Lifetime(span.getKey(), span.getValue()[0], span.getValue()[1]));
      }
    }
    return result;
  }

  private void touch(List<Buffer> buffers, int kernel) {
    for (Buffer buffer : buffers) {
      spans.computeIfAbsent(program.storage(buffer), key -> new int[] {kernel, kernel})[1] = kernel;
    }
  }
}
