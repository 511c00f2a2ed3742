package org.modelc.codegen.llvm.toolchain;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.TargetDescription;

/**
 * A program's LLVM text, compiled for this machine and callable from a test:
 *
 * <pre>{@code
 * NativeFunction f = NativeFunction.compile(text, "symbol", NativeFunction.best());
 * ByteBuffer x = NativeFunction.floats(1, 2, 3), y = NativeFunction.bytes(12);
 * f.run(1, new long[] {3}, 0, x, y);
 * }</pre>
 */
public final class NativeFunction {
  private static final LlvmToolchain TOOLCHAIN = new LlvmToolchain();
  private static final int LINE = 64;

  private final HarnessCalls code;

  private NativeFunction(HarnessCalls code) {
    this.code = code;
  }

  /** Compiles for a level that this machine must be able to run. */
  public static NativeFunction compile(String text, String symbol, IsaLevel level) {
    NativePlatform host = NativePlatform.host();
    TargetDescription target = host.target(level);
    String glue =
        NativeGlue.text(host, HarnessCode.class.getName(), List.of(List.of(symbol)), true);
    List<byte[]> objects = List.of(TOOLCHAIN.object(text, target), TOOLCHAIN.baseline(glue, host));
    try {
      Path file = Files.createTempFile("modelc-test", ".so");
      Files.write(file, TOOLCHAIN.library(objects, host));
      HarnessCalls code = define();
      code.load(file.toString());
      Files.delete(file);
      code.select(1);
      return new NativeFunction(code);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The best level that this machine can run. */
  public static IsaLevel best() {
    String nothing =
        "define i32 @nothing(ptr %env, ptr %frame, i32 %worker, i32 %workers) { ret i32 0 }";
    List<IsaLevel> levels = NativePlatform.host().levels();
    NativeFunction function = compile(nothing, "nothing", levels.get(0));
    return levels.get(function.code.level() - 1);
  }

  /** The levels that this machine can run, the least first. */
  public static List<IsaLevel> runnable() {
    List<IsaLevel> levels = NativePlatform.host().levels();
    return levels.subList(0, levels.indexOf(best()) + 1);
  }

  private static HarnessCalls define() {
    try (InputStream in = NativeFunction.class.getResourceAsStream("HarnessCode.class")) {
      byte[] bytes = in.readAllBytes();
      Class<?> type = new Loader().define(bytes);
      return (HarnessCalls) type.getConstructor().newInstance();
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A loader for one class: a library's native methods bind to one class of one loader. */
  private static final class Loader extends ClassLoader {
    Loader() {
      super(NativeFunction.class.getClassLoader());
    }

    Class<?> define(byte[] bytes) {
      return defineClass(HarnessCode.class.getName(), bytes, 0, bytes.length);
    }
  }

  /** Direct memory of a size in bytes, zero, 64-byte aligned. */
  public static ByteBuffer bytes(int size) {
    return ByteBuffer.allocateDirect(size + 2 * LINE)
        .alignedSlice(LINE)
        .slice(0, size)
        .order(ByteOrder.nativeOrder());
  }

  /** Direct memory with elements of f32, 64-byte aligned. */
  public static ByteBuffer floats(float... elements) {
    ByteBuffer buffer = bytes(elements.length * Float.BYTES);
    buffer.asFloatBuffer().put(elements);
    return buffer;
  }

  /** The elements of a buffer of f32. */
  public static float[] floats(ByteBuffer buffer) {
    FloatBuffer view = buffer.asFloatBuffer();
    float[] elements = new float[view.remaining()];
    view.get(elements);
    return elements;
  }

  /** Runs on this thread alone. */
  public int run(long[] dims, int scratchBytes, ByteBuffer... buffers) {
    return run(1, dims, scratchBytes, buffers);
  }

  /**
   * Runs with a team of workers, each a thread.
   *
   * @return 0, or 1 if any worker returned that
   */
  public int run(int workers, long[] dims, int scratchBytes, ByteBuffer... buffers) {
    List<ByteBuffer> kept = new ArrayList<>();
    long frame = frame(workers, dims, scratchBytes, buffers, kept);
    try {
      return team(frame, workers);
    } finally {
      Reference.reachabilityFence(kept);
      Reference.reachabilityFence(buffers);
    }
  }

  private int team(long frame, int workers) {
    int[] results = new int[workers];
    Thread[] threads = new Thread[workers];
    for (int worker = 1; worker < workers; worker++) {
      int number = worker;
      threads[worker] = new Thread(() -> results[number] = code.run(0, frame, number, workers));
      threads[worker].start();
    }
    int failed = code.run(0, frame, 0, workers);
    for (int worker = 1; worker < workers; worker++) {
      try {
        threads[worker].join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      failed |= results[worker];
    }
    return failed;
  }

  /** The address of a frame for a call; its memory is reachable from what is kept. */
  public long frame(
      int workers, long[] dims, int scratchBytes, ByteBuffer[] buffers, List<ByteBuffer> kept) {
    long[] addresses = new long[buffers.length];
    for (int i = 0; i < buffers.length; i++) {
      addresses[i] = code.address(buffers[i]);
    }
    long[] scratch = new long[workers];
    for (int i = 0; i < workers; i++) {
      ByteBuffer memory = bytes(scratchBytes);
      // A worker's memory holds what was there before: here numbers that are none.
      for (int at = 0; at < scratchBytes; at++) {
        memory.put(at, (byte) -1);
      }
      scratch[i] = keep(memory, kept);
    }
    long[] frame = {
      keep(bytes(192 + LINE * workers), kept),
      keep(longs(dims), kept),
      keep(longs(addresses), kept),
      keep(longs(scratch), kept)
    };
    return keep(longs(frame), kept);
  }

  /** Calls a prepared frame alone, for timing. */
  public int call(long frame) {
    return code.run(0, frame, 0, 1);
  }

  private long keep(ByteBuffer buffer, List<ByteBuffer> kept) {
    kept.add(buffer);
    return code.address(buffer);
  }

  private static ByteBuffer longs(long[] values) {
    ByteBuffer buffer = bytes(Math.max(8, values.length * Long.BYTES));
    buffer.asLongBuffer().put(values);
    return buffer;
  }
}
