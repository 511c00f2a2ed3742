package org.modelc.compiler;

import java.util.Arrays;
import java.util.Map;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.FunctionSpec;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** What one call of a model's first exported function costs, at 1 for every dynamic dim. */
final class CallCost {
  private static final int WARM_UP = 2_000;
  private static final int CALLS = 2_000;

  private final ModelManifest manifest;
  private final Map<String, Tensor> tensors;
  private final Compilation compilation;

  CallCost(Compilation compilation, Map<String, Tensor> tensors) {
    this.compilation = compilation;
    this.manifest = compilation.manifest();
    this.tensors = tensors;
  }

  /** Microseconds of one call, the median over many in a warm process. */
  double medianMicroseconds() {
    Frame frame = compilation.programSet(tensors).frame(program().name());
    long[] nanos = new long[CALLS];
    for (int call = -WARM_UP; call < CALLS; call++) {
      bind(frame);
      long start = System.nanoTime();
      frame.run();
      if (call >= 0) {
        nanos[call] = System.nanoTime() - start;
      }
    }
    Arrays.sort(nanos);
    return nanos[CALLS / 2] / 1e3;
  }

  private void bind(Frame frame) {
    for (ProgramAbi.Buffer buffer : program().buffers()) {
      if (buffer.role() == Role.INPUT) {
        frame.bind(buffer.name(), Tensor.newArray(buffer.dtype(), (int) atOne(buffer.size())));
      }
    }
  }

  /** Bytes of parameters, states and the session's workspace. */
  double bytes() {
    long bytes = atOne(program().peakBytes());
    for (Tensor tensor : tensors.values()) {
      bytes += (long) tensor.size() * tensor.dtype().bytes();
    }
    return bytes;
  }

  private static long atOne(Dim dim) {
    Map<String, Integer> ones = new java.util.HashMap<>();
    dim.symbols().forEach(symbol -> ones.put(symbol, 1));
    return dim.evaluate(ones);
  }

  private ProgramAbi program() {
    FunctionSpec function = manifest.functions().get(0);
    return manifest.programs().stream()
        .filter(program -> program.name().equals(function.program()))
        .findFirst()
        .orElseThrow();
  }
}
