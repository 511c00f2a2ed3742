package org.modelc.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.modelc.codegen.llvm.CodeUnit;
import org.modelc.codegen.llvm.CodeUnits;
import org.modelc.codegen.llvm.EmittedNativeProgram;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.codegen.llvm.toolchain.LlvmToolchain;
import org.modelc.codegen.llvm.toolchain.NativeGlue;

/** Emitted programs in a shared library, loaded and callable. */
final class NativeLibrary {
  private static final LlvmToolchain TOOLCHAIN = new LlvmToolchain();
  private static final int LINE = 64;
  private static final List<IsaLevel> RUNNABLE = findRunnable();

  private final NativeCalls calls;

  private NativeLibrary(NativeCalls calls) {
    this.calls = calls;
  }

  /** The levels that this machine can run, the least first. */
  static List<IsaLevel> runnable() {
    return RUNNABLE;
  }

  private static List<IsaLevel> findRunnable() {
    List<IsaLevel> levels = NativePlatform.host().levels();
    String nothing =
        "define i32 @nothing(ptr %env, ptr %frame, i32 %worker, i32 %workers) { ret i32 0 }";
    CodeUnit unit = new CodeUnit(nothing, CodeUnit.Effort.ONCE);
    NativeLibrary library = load(List.of(unit), List.of("nothing"), levels.get(0));
    return levels.subList(0, library.calls.level());
  }

  /** Compiles programs, each by its symbol, and loads them, after an edit of their text. */
  static NativeLibrary of(
      List<EmittedNativeProgram> programs, IsaLevel level, UnaryOperator<String> edit) {
    // As a model's library is made: functions that programs share are compiled once.
    List<CodeUnit> units =
        CodeUnits.of(programs.stream().map(EmittedNativeProgram::module).toList(), ".test");
    return load(
        units.stream().map(unit -> new CodeUnit(edit.apply(unit.text()), unit.effort())).toList(),
        programs.stream().map(program -> program.abi().symbol()).toList(),
        level);
  }

  /** The bytes of a shared library with the native methods of {@link NativeMethods}. */
  static byte[] bytes(
      List<CodeUnit> units, List<String> symbols, IsaLevel level, NativePlatform platform) {
    TargetDescription target = platform.target(level);
    List<byte[]> objects = new ArrayList<>();
    units.forEach(unit -> objects.add(TOOLCHAIN.object(unit, target)));
    List<List<String>> levels = symbols.stream().map(List::of).toList();
    String glue = NativeGlue.text(platform, NativeMethods.class.getName(), levels, true);
    objects.add(TOOLCHAIN.baseline(glue, platform));
    return TOOLCHAIN.library(objects, platform);
  }

  private static NativeLibrary load(List<CodeUnit> units, List<String> symbols, IsaLevel level) {
    byte[] bytes = bytes(units, symbols, level, NativePlatform.host());
    try {
      Path file = Files.createTempFile("modelc-conformance", ".library");
      Files.write(file, bytes);
      NativeCalls calls = define();
      calls.load(file.toString());
      Files.delete(file);
      calls.select(1);
      return new NativeLibrary(calls);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static NativeCalls define() {
    try (InputStream in = NativeLibrary.class.getResourceAsStream("NativeMethods.class")) {
      Class<?> type = new OneClass().define(in.readAllBytes());
      return (NativeCalls) type.getConstructor().newInstance();
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A loader for one class: a library's native methods bind to one class of one loader. */
  private static final class OneClass extends ClassLoader {
    OneClass() {
      super(NativeLibrary.class.getClassLoader());
    }

    Class<?> define(byte[] bytes) {
      return defineClass(NativeMethods.class.getName(), bytes, 0, bytes.length);
    }
  }

  /** Direct memory of a size in bytes, aligned to 64. */
  static ByteBuffer memory(long bytes) {
    return ByteBuffer.allocateDirect((int) bytes + 2 * LINE)
        .alignedSlice(LINE)
        .slice(0, (int) bytes)
        .order(ByteOrder.nativeOrder());
  }

  /** Where a buffer's memory begins. */
  long address(ByteBuffer buffer) {
    return calls.address(buffer);
  }

  /** Runs a program by its number over buffers at addresses; gives the program's result. */
  int run(int program, long[] buffers, long[] dims, long scratchBytes, int workers) {
    List<ByteBuffer> kept = new ArrayList<>();
    long[] scratch = new long[workers];
    for (int i = 0; i < workers; i++) {
      scratch[i] = keep(memory(scratchBytes), kept);
    }
    ByteBuffer team = memory(192 + (long) LINE * workers);
    long frame =
        longs(
            kept, keep(team, kept), longs(kept, dims), longs(kept, buffers), longs(kept, scratch));
    try {
      return runTeam(program, frame, workers);
    } finally {
      Reference.reachabilityFence(kept);
    }
  }

  private int runTeam(int program, long frame, int workers) {
    int[] results = new int[workers];
    Thread[] threads = new Thread[workers];
    for (int worker = 1; worker < workers; worker++) {
      int number = worker;
      threads[worker] =
          new Thread(() -> results[number] = calls.run(program, frame, number, workers));
      threads[worker].start();
    }
    int failed = calls.run(program, frame, 0, workers);
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

  private long longs(List<ByteBuffer> kept, long... values) {
    ByteBuffer buffer = memory(Math.max(8, values.length * 8L));
    buffer.asLongBuffer().put(values);
    return keep(buffer, kept);
  }

  private long keep(ByteBuffer buffer, List<ByteBuffer> kept) {
    kept.add(buffer);
    return address(buffer);
  }
}
