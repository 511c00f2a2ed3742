package org.modelc.compiler.jar;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.FunctionSpec;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.NativeSpec;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * The most memory that a session takes for calls of a function, beside the model's parameters and
 * the caller's arrays. A model's sessions take as much as ran at one time.
 *
 * @param function the function's name
 * @param code what runs it: {@code bytecode}, or {@code native} with the instruction-set level
 * @param session bytes whatever the number of threads; of the most rows that it was called with
 * @param thread bytes for each thread of a call; of bytecode a bound, which rows of local arrays
 *     come on top of
 */
public record SessionMemory(String function, String code, Dim session, Dim thread) {
  /** What threads of bytecode pack products into: panels of a fixed size. */
  public static final int PANELS = 350_000;

  /**
   * What a session of native code needs to call it, and what it loses by beginning at cache lines.
   */
  private static final int CALL = 4096;

  /** Of every function, as bytecode and as native code of every level. */
  public static List<SessionMemory> of(ModelManifest manifest) {
    List<SessionMemory> all = new ArrayList<>();
    for (FunctionSpec function : manifest.functions()) {
      for (ProgramAbi abi : manifest.programs()) {
        if (abi.name().equals(function.program())) {
          all.add(
              new SessionMemory(
                  function.name(), "bytecode", abi.peakBytes(), Dim.constant(PANELS)));
        }
      }
      if (manifest.nativeCode() != null) {
        addNative(function, manifest.nativeCode(), all);
      }
    }
    return all;
  }

  private static void addNative(FunctionSpec function, NativeSpec spec, List<SessionMemory> all) {
    spec.platforms()
        .forEach(
            (platform, levels) -> {
              for (NativeSpec.LevelSpec level : levels) {
                for (int number = 0; number < level.programs().size(); number++) {
                  ProgramAbi program = spec.programs().get(level.programs().get(number));
                  if (program.name().equals(function.program())) {
                    String code = "native, " + platform + ", " + level.name();
                    Dim thread = level.scratchBytes().get(number);
                    all.add(ofNative(function.name(), code, program, thread));
                  }
                }
              }
            });
  }

  /** Native code computes in copies of the caller's arrays. */
  private static SessionMemory ofNative(
      String function, String code, ProgramAbi program, Dim thread) {
    Dim bytes = Dim.constant(CALL);
    for (ProgramAbi.Buffer buffer : program.buffers()) {
      boolean own = buffer.role() == Role.INPUT || buffer.role() == Role.OUTPUT;
      if (own || buffer.role() == Role.WORKSPACE) {
        bytes = bytes.plus(buffer.size().times(Dim.constant(buffer.dtype().bytes())));
      }
    }
    return new SessionMemory(function, code, bytes, thread);
  }

  /**
   * With numbers for the dims.
   *
   * @param threads the most threads of a call
   */
  public long bytes(Map<String, Integer> dims, int threads) {
    return session.evaluate(dims) + threads * thread.evaluate(dims);
  }

  /** For people: {@code predict, bytecode: 80*B bytes}. */
  public String line() {
    String each = thread.equals(Dim.ZERO) ? "" : ", and " + thread + " for each thread";
    return function + ", " + code + ": " + session + " bytes" + each;
  }
}
