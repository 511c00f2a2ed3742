package org.modelc.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.modelc.compiler.jar.JarFacts;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.compiler.jar.SessionMemory;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Model;
import org.modelc.runtime.Session;

/** What a session takes at most, and that its calls allocate nothing, helpers included. */
class SessionMemoryTest {
  private static final int ROWS = 48;
  private static final int CALLS = 40;

  @TempDir static Path folder;
  private static final Map<Backend, Path> JARS = new EnumMap<>(Backend.class);

  /**
   * Layers with work enough, some fourteen million multiply-adds a call, that helpers are asked.
   */
  @BeforeAll
  static void build() {
    String text =
        """
        model Wide() {
            fn scores(x: f32[B, 256]) -> f32[B, 10] =
                x |> dense(512) |> relu |> dense(320) |> tanh |> dense(10)
            export fn predict(x: f32[B, 256]) -> (score: f32[B, 10]) =
                (score: softmax(scores(x), axis: -1))
        }
        """;
    ModelSource source = ModelSource.of("wide.model", text, folder);
    for (Backend backend : backends()) {
      Path jar = folder.resolve("Wide-" + backend + ".jar");
      Compiler.build(source, CompileOptions.defaults().withBackend(backend)).write(jar, false);
      JARS.put(backend, jar);
    }
  }

  static Set<Backend> backends() {
    return EnumSet.of(Backend.JVM, Backend.preferred());
  }

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** The caller first, then the helpers. */
  private static long[] threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(
            each -> each == Thread.currentThread() || each.getName().startsWith("modelc-worker"))
        .mapToLong(Thread::getId)
        .toArray();
  }

  private static long allocated(long[] threads) {
    long sum = 0;
    for (long bytes : THREADS.getThreadAllocatedBytes(threads)) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }

  /** What the typed class does in its overload with a session. */
  private static void call(Session session, float[] x, float[] score) {
    Frame frame = session.frame("predict");
    frame.bind("x", x);
    frame.bind("score", score);
    frame.run();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void callsAllocateNothingInAnyThread(Backend backend) {
    Session session = ModelArchive.open(JARS.get(backend)).model().withThreads(2).newSession();
    float[] x = new float[ROWS * 256];
    float[] score = new float[ROWS * 10];
    for (int i = 0; i < 20 * CALLS; i++) {
      call(session, x, score);
    }
    long[] threads = threads();
    assertThat(threads).as("the caller and a helper").hasSizeGreaterThan(1);
    long idle = helpersNanos(threads);
    long asking = Long.MAX_VALUE;
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long before = allocated(threads);
      asking = Math.min(asking, allocated(threads) - before);
      before = allocated(threads);
      for (int i = 0; i < CALLS; i++) {
        call(session, x, score);
      }
      least = Math.min(least, allocated(threads) - before);
    }
    assertThat(least).as("bytes of %d calls", CALLS).isEqualTo(asking);
    assertThat(helpersNanos(threads)).as("nanoseconds that helpers worked").isGreaterThan(idle);
  }

  /** Processor time of all threads but this one. */
  private static long helpersNanos(long[] threads) {
    long sum = 0;
    for (long thread : threads) {
      sum += thread == Thread.currentThread().getId() ? 0 : THREADS.getThreadCpuTime(thread);
    }
    return sum;
  }

  private static SessionMemory stated(Path jar, String code) {
    return SessionMemory.of(JarFacts.read(jar).manifest()).stream()
        .filter(each -> each.code().endsWith(code))
        .findFirst()
        .orElseThrow();
  }

  /** Of the session's own; the caller's arrays are the caller's. */
  @Test
  void bytecodeTakesNoMoreThanIsStated() {
    Path jar = JARS.get(Backend.JVM);
    Model model = ModelArchive.open(jar).model().withThreads(1);
    call(model.newSession(), new float[256], new float[10]);
    float[] x = new float[ROWS * 256];
    float[] score = new float[ROWS * 10];
    long[] caller = {Thread.currentThread().getId()};
    long before = allocated(caller);
    call(model.newSession(), x, score);
    long taken = allocated(caller) - before;
    long stated = stated(jar, "bytecode").bytes(Map.of("B", ROWS), 1);
    // The layers' results are 48 · (512 + 320) · 4; what is no array is a few kilobytes.
    assertThat(taken).isBetween(stated - SessionMemory.PANELS, stated);
    assertThat(stated).isBetween(48 * 832 * 4L, 48 * 900 * 4L + SessionMemory.PANELS);
  }

  @Test
  void nativeCodeTakesNoMoreThanIsStated() {
    org.junit.jupiter.api.Assumptions.assumeTrue(NativeSupport.present(), "LLVM for this machine");
    Path jar = JARS.get(Backend.NATIVE);
    Model model = ModelArchive.open(jar).model().withThreads(2);
    float[] x = new float[ROWS * 256];
    float[] score = new float[ROWS * 10];
    // The first call packs the weights, for all sessions.
    call(model.newSession(), x, score);
    long before = direct();
    Session session = model.newSession();
    call(session, x, score);
    long taken = direct() - before;
    String level = model.programs().code().backend().substring("native ".length());
    long stated = stated(jar, level).bytes(Map.of("B", ROWS), 2);
    assertThat(taken).isBetween(stated - 4096, stated);
    assertThat(session).isNotNull();
  }

  private static long direct() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getTotalCapacity)
        .sum();
  }
}
