package org.modelc.codegen.llvm.gemm;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.ModuleWriter;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.codegen.llvm.toolchain.NativeFunction;

/** What a core can do: independent multiply-adds on registers, timed beside what is measured. */
public final class Peak {
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
  private static final double SAMPLE_SECONDS = 0.006;
  private static final int CHAINS = 12;
  private static final long ROUNDS = 20_000;
  private final NativeFunction function;
  private final int lanes;
  private final List<ByteBuffer> kept = new ArrayList<>();
  private final long frame;

  public Peak(IsaLevel level) {
    lanes = level.lanes();
    ModuleWriter module = new ModuleWriter(NativePlatform.host().target(level));
    FunctionWriter out = new FunctionWriter(module);
    String type = LlvmTypes.vector("float", lanes);
    Operand table =
        out.load("ptr", out.address("i64", new Operand("ptr", "%frame"), Operand.i64(2)));
    Operand place = out.load("ptr", table);
    Operand factor = out.load(type, place);
    List<Operand> chains = new ArrayList<>();
    for (int i = 0; i < CHAINS; i++) {
      chains.add(factor);
    }
    List<Operand> sums =
        out.loop(
            Operand.i64(0),
            Operand.i64(ROUNDS),
            1,
            chains,
            (i, carried) ->
                carried.stream().map(sum -> out.multiplyAdd(factor, factor, sum)).toList());
    for (int i = 0; i < CHAINS; i++) {
      out.store(sums.get(i), out.address(type, place, Operand.i64(i + 1)));
    }
    out.line("ret i32 0");
    module.library(
        "peak",
        () ->
            "define i32 @peak(ptr %env, ptr %frame, i32 %worker, i32 %workers) #0 {\n"
                + out.body()
                + "}\n");
    function = NativeFunction.compile(module.text().whole(), "peak", level);
    ByteBuffer[] buffers = {NativeFunction.bytes(64 * (CHAINS + 1))};
    kept.add(buffers[0]);
    for (int i = 0; i < lanes; i++) {
      buffers[0].putFloat(4 * i, i);
    }
    frame = function.frame(1, new long[0], 64, buffers, kept);
  }

  public double gigaflops() {
    double seconds = seconds(() -> function.call(frame), 0.001);
    return 2.0 * lanes * CHAINS * ROUNDS / seconds * 1e-9;
  }

  /** CPU seconds of a call, over as many as one sample takes. */
  public static double seconds(Runnable call) {
    return seconds(call, SAMPLE_SECONDS);
  }

  private static double seconds(Runnable call, double least) {
    long start = CLOCK.getCurrentThreadCpuTime();
    int calls = 0;
    long time;
    do {
      call.run();
      calls += 1;
      time = CLOCK.getCurrentThreadCpuTime() - start;
    } while (time < least * 1e9);
    return time * 1e-9 / calls;
  }
}
