package org.modelc.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.modelc.runtime.Model;
import org.modelc.runtime.Safetensors;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.DType;

/** A jar's class in class loaders that come and go, and under many threads. */
class LoadedModelTest {
  private static final int LOADERS = 50;
  private static final int THREADS = 16;
  private static final int CALLS = 500;

  @TempDir static Path folder;
  private static final Map<Backend, Path> JARS = new EnumMap<>(Backend.class);

  /** Bytecode, and what is preferred on this machine: native code, if there is any. */
  static Set<Backend> backends() {
    return EnumSet.of(Backend.JVM, Backend.preferred());
  }

  /** x ↦ relu(x w) with w of ones: each score is the sum of the row, where that is positive. */
  @BeforeAll
  static void build() {
    String text =
        """
        model Sums() {
            fn scores(x: f32[B, 64]) -> f32[B, 32] {
                param weight: f32[64, 32] = ones()
                relu(x @ weight)
            }
            export fn predict(x: f32[B, 64]) -> (score: f32[B, 32]) = (score: scores(x))
        }
        """;
    Path weights = folder.resolve("ones.safetensors");
    float[] ones = new float[64 * 32];
    java.util.Arrays.fill(ones, 1);
    Tensor weight = new Tensor(DType.F32, List.of(64, 32), ones);
    new Safetensors(Map.of("scores.weight", weight), Map.of()).write(weights);
    ModelSource source = ModelSource.of("sums.model", text, folder);
    for (Backend backend : backends()) {
      Path jar = folder.resolve("Sums-" + backend + ".jar");
      CompileOptions options = CompileOptions.defaults().withWeights(weights).withBackend(backend);
      Compiler.build(source, options).write(jar, true);
      JARS.put(backend, jar);
    }
  }

  private static float[] row(float value) {
    float[] row = new float[64];
    java.util.Arrays.fill(row, value);
    return row;
  }

  private static float[] predict(Object model, float value) throws Exception {
    Method predict = model.getClass().getMethod("predict", float[].class);
    Object result = predict.invoke(model, row(value));
    return (float[]) result.getClass().getMethod("score").invoke(result);
  }

  private static Object load(ClassLoader loader) throws Exception {
    return loader.loadClass("models.Sums").getMethod("load").invoke(null);
  }

  /** The whole jar with its own copy of the runtime, loaded, used and left to the collector. */
  private static WeakReference<ClassLoader> useOnce(Path jar) throws Exception {
    URL[] urls = {jar.toUri().toURL()};
    URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    assertThat(predict(load(loader), 2)[31]).isEqualTo(128);
    loader.close();
    return new WeakReference<>(loader);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void fiftyClassLoadersAreCollected(Backend backend) throws Exception {
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    int threads = Thread.activeCount();
    for (int i = 0; i < LOADERS; i++) {
      loaders.add(useOnce(JARS.get(backend)));
    }
    long left = LOADERS;
    for (int attempt = 0; attempt < 50 && left > 0; attempt++) {
      System.gc();
      Thread.sleep(50);
      left = loaders.stream().filter(loader -> loader.get() != null).count();
    }
    assertThat(left).as("class loaders that something still holds").isZero();
    assertThat(Thread.activeCount()).as("threads").isLessThanOrEqualTo(threads + 2);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void manyThreadsShareOneModel(Backend backend) throws Exception {
    URL[] urls = {JARS.get(backend).toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, Model.class.getClassLoader())) {
      Object model = load(loader);
      ExecutorService threads = Executors.newFixedThreadPool(THREADS);
      CyclicBarrier start = new CyclicBarrier(THREADS);
      List<Future<Integer>> wrong = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int number = thread;
        wrong.add(threads.submit((Callable<Integer>) () -> wrongAnswers(model, start, number)));
      }
      for (Future<Integer> each : wrong) {
        assertThat(each.get(2, TimeUnit.MINUTES)).isZero();
      }
      threads.shutdown();
    }
  }

  private static int wrongAnswers(Object model, CyclicBarrier start, int number) throws Exception {
    start.await();
    int wrong = 0;
    for (int call = 0; call < CALLS; call++) {
      int value = (number * CALLS + call) % 97;
      for (float score : predict(model, value)) {
        wrong += score == 64f * value ? 0 : 1;
      }
    }
    return wrong;
  }

  /** The first jar's runtime serves both; a model it is too old for says which one to take. */
  @Test
  void twoJarsWithRuntimesOfTheirOwnOnOneClassPath() throws Exception {
    Path jar = JARS.get(Backend.JVM);
    Path other = folder.resolve("Other.jar");
    ModelSource source =
        ModelSource.of(
            "other.model",
            "model Other() { export fn f(x: f32[B]) -> (y: f32[B]) = (y: 3 * x) }",
            folder);
    Compiler.build(source, CompileOptions.defaults()).write(other, true);
    Path newer = Files.copy(other, folder.resolve("Newer.jar"));
    try (var zip = java.nio.file.FileSystems.newFileSystem(newer)) {
      Path manifest = zip.getPath("META-INF/modelc/Other.json");
      String text = Files.readString(manifest).replaceFirst("\"format\": *1", "\"format\": 2");
      Files.writeString(
          manifest, text.replaceFirst("\"compiler\": *\"[^\"]*\"", "\"compiler\": \"9.8.7\""));
    }
    try (URLClassLoader both = together(jar, other)) {
      assertThat(predict(load(both), 1)[0]).isEqualTo(64);
      assertThat(both.loadClass("models.Other").getMethod("load").invoke(null)).isNotNull();
    }
    try (URLClassLoader both = together(jar, newer)) {
      assertThat(predict(load(both), 1)[0]).isEqualTo(64);
      Method load = both.loadClass("models.Other").getMethod("load");
      assertThatThrownBy(() -> load.invoke(null))
          .rootCause()
          .hasMessageContaining("this runtime reads up to 1")
          .satisfies(
              old ->
                  assertThat(old.getClass().getMethod("hint").invoke(old).toString())
                      .contains("take modelc-runtime 9.8.7 or newer; of several the first counts"));
    }
  }

  private static URLClassLoader together(Path first, Path second) throws Exception {
    URL[] urls = {first.toUri().toURL(), second.toUri().toURL()};
    return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
  }
}
