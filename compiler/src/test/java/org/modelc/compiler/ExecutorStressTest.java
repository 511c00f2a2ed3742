package org.modelc.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Model;
import org.modelc.runtime.Session;

/**
 * Eight request threads at once, each call with helpers from an executor that may be anything: all
 * answers have the bits of one that was computed alone.
 */
@Timeout(300)
class ExecutorStressTest {
  private static final int REQUESTS = 8;
  private static final int CALLS = 60;
  private static final int ROWS = 24;

  @TempDir static Path folder;
  private static final Map<Backend, Model> MODELS = new EnumMap<>(Backend.class);

  /** Layers with work enough, some seven million multiply-adds a call, that helpers are asked. */
  @BeforeAll
  static void compile() {
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
    for (Backend backend : EnumSet.of(Backend.JVM, Backend.preferred())) {
      Compilation compilation =
          Compiler.compile(source, CompileOptions.defaults().withBackend(backend));
      MODELS.put(
          backend,
          Model.of(compilation.manifest(), compilation.initialTensors(5), compilation.programs()));
    }
  }

  /** An executor and what ends it. */
  private record Helpers(String name, Executor executor, Runnable end) {
    @Override
    public String toString() {
      return name;
    }

    static Helpers of(String name, ExecutorService service) {
      return new Helpers(name, service, service::shutdownNow);
    }
  }

  private static List<Helpers> helpers() {
    return List.of(
        saturated(),
        Helpers.of("one thread", Executors.newSingleThreadExecutor()),
        Helpers.of(
            "the caller's thread where the only one is busy",
            new ThreadPoolExecutor(
                0,
                1,
                1,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                new ThreadPoolExecutor.CallerRunsPolicy())),
        new Helpers("the caller's thread", Runnable::run, () -> {}),
        Helpers.of("many threads", Executors.newCachedThreadPool()));
  }

  /** Its one thread never comes back, its queue is full, and it refuses what comes then. */
  private static Helpers saturated() {
    ThreadPoolExecutor service =
        new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(2));
    CountDownLatch never = new CountDownLatch(1);
    service.execute(
        () -> {
          try {
            never.await();
          } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
          }
        });
    return Helpers.of("saturated", service);
  }

  static Stream<Arguments> cases() {
    return EnumSet.of(Backend.JVM, Backend.preferred()).stream()
        .flatMap(backend -> helpers().stream().map(each -> Arguments.of(backend, each)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void answersDoNotDependOnWhoHelps(Backend backend, Helpers helpers) throws Exception {
    Model model = MODELS.get(backend);
    List<float[]> questions = new ArrayList<>();
    List<float[]> answers = new ArrayList<>();
    Random random = new Random(11);
    for (int i = 0; i < REQUESTS; i++) {
      float[] question = new float[ROWS * 256];
      for (int j = 0; j < question.length; j++) {
        question[j] = (float) random.nextGaussian();
      }
      questions.add(question);
      answers.add(call(model.withThreads(1).newSession(), question));
    }
    AtomicInteger summoned = new AtomicInteger();
    Executor counting =
        task -> {
          summoned.incrementAndGet();
          helpers.executor().execute(task);
        };
    Model helped = model.withExecutor(counting).withThreads(3);
    ExecutorService requests = Executors.newFixedThreadPool(REQUESTS);
    try {
      CyclicBarrier start = new CyclicBarrier(REQUESTS);
      List<Future<Integer>> wrong = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        float[] question = questions.get(i);
        float[] answer = answers.get(i);
        Callable<Integer> request = () -> wrongAnswers(helped, start, question, answer);
        wrong.add(requests.submit(request));
      }
      for (Future<Integer> each : wrong) {
        assertThat(each.get(2, TimeUnit.MINUTES)).isZero();
      }
      assertThat(summoned).as("helpers asked for").hasPositiveValue();
    } finally {
      requests.shutdownNow();
      helpers.end().run();
    }
  }

  /** Half of the calls in a session of the thread's own, half in sessions from the pool. */
  private static int wrongAnswers(
      Model model, CyclicBarrier start, float[] question, float[] answer) throws Exception {
    Session own = model.newSession();
    start.await();
    int wrong = 0;
    for (int i = 0; i < CALLS; i++) {
      Session session = i % 2 == 0 ? own : model.acquire();
      wrong += Arrays.equals(call(session, question), answer) ? 0 : 1;
      if (session != own) {
        model.release(session);
      }
    }
    return wrong;
  }

  private static float[] call(Session session, float[] question) {
    Frame frame = session.frame("predict");
    float[] score = new float[ROWS * 10];
    frame.bind("x", question);
    frame.bind("score", score);
    frame.dim("B", ROWS);
    frame.run();
    return score;
  }
}
