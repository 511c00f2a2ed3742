package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.modelc.compiler.Backend;
import org.modelc.compiler.Compilation;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.train.EpochResult;
import org.modelc.runtime.train.Trainer;
import org.modelc.runtime.train.TrainingListener;
import org.modelc.runtime.train.TrainingOptions;
import org.modelc.runtime.train.TrainingPlan;
import org.modelc.runtime.train.TrainingResult;

/**
 * A compiled training gives the same bits for any number of threads, and whether or not it was
 * stopped and resumed. The model has all that could break this: dropout, a state, augmentation, a
 * ragged last batch, weights, a schedule, a best epoch.
 */
class ReproducibleTrainingTest {
  private static final String TEXT =
      """
      model Small {
          input image = columns("pixel_*") as f32[1, 8, 8] / 16
          fn logits(image: f32[B, 1, 8, 8]) -> f32[B, 10] = image
              |> conv(16, 3) |> batch_norm |> relu |> conv(16, 3) |> relu |> max_pool(2)
              |> flatten |> dropout(0.3) |> dense(10)
          export fn predict(image: f32[B, 1, 8, 8]) -> (digit: i32[B]) =
              (digit: argmax(logits(image), axis: -1))
          fn loss(image: f32[B, 1, 8, 8], target: i32[B]) -> f32[B] =
              cross_entropy(logits(image), target)
      }
      data digits { rows = csv("digits.csv")  split 12% / 5% / 83% stratified by target seed 7 }
      train Small on digits {
          minimize loss with adamw(cosine(2e-3, warmup: 3), decay: 1e-4)
          augment image with shift(1)
          class_weight balanced by target
          stop after 2 epochs without better accuracy
          batch 64
          epochs 3
          measure accuracy(predict.digit, target)
      }
      """;

  private static final Map<Backend, Compilation> COMPILATIONS = new EnumMap<>(Backend.class);

  @TempDir Path folder;

  private static Compilation compilation(Backend backend) {
    Path data = SourceTree.root().resolve("models/digits");
    return COMPILATIONS.computeIfAbsent(
        backend,
        absent ->
            Compiler.compile(
                ModelSource.of("small.model", TEXT, data),
                CompileOptions.defaults().withBackend(backend)));
  }

  private static Trainer trainer(
      Backend backend, TrainingOptions options, TrainingListener listener) {
    Compilation compilation = compilation(backend);
    TrainingPlan plan =
        new TrainingPlan(
            compilation.manifest(),
            compilation.programs(),
            compilation.rows().splits(),
            compilation.programs().constants(),
            TEXT);
    return new Trainer(plan, options, listener);
  }

  private static TrainingResult train(Backend backend, int threads) {
    TrainingOptions options = TrainingOptions.defaults().withThreads(threads);
    return trainer(backend, options, TrainingListener.SILENT).train();
  }

  @ParameterizedTest
  @EnumSource(names = {"JVM", "NATIVE"})
  void threadsChangeNoBit(Backend backend) {
    TrainingResult alone = train(backend, 1);
    assertThat(alone.history()).hasSize(3);
    assertThat(alone.history().get(2).loss()).isLessThan(alone.history().get(0).loss());
    for (int threads : new int[] {2, 2, 3}) {
      assertSame(train(backend, threads), alone);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JVM", "NATIVE"})
  void stopsChangeNoBit(Backend backend) {
    TrainingResult whole = train(backend, 1);
    int steps = (int) whole.history().get(whole.history().size() - 1).steps();
    int perEpoch = steps / whole.history().size();
    // Within an epoch, at its end, at the next one's begin, at the end of all.
    for (int stopAt : new int[] {1, perEpoch, perEpoch + 1, steps}) {
      Path file = folder.resolve(stopAt + ".checkpoint");
      stopAfter(backend, stopAt, file);
      TrainingOptions resume =
          TrainingOptions.defaults().withThreads(1 + stopAt % 2).withCheckpoint(file, true);
      assertSame(trainer(backend, resume, TrainingListener.SILENT).train(), whole);
    }
  }

  private static void stopAfter(Backend backend, int stopAt, Path file) {
    Trainer[] trainer = new Trainer[1];
    TrainingListener canceller =
        new TrainingListener() {
          @Override
          public void stepped(Step step) {
            if (step.step() == stopAt) {
              trainer[0].cancel();
            }
          }
        };
    TrainingOptions options =
        TrainingOptions.defaults().withThreads(2 - stopAt % 2).withCheckpoint(file, false);
    trainer[0] = trainer(backend, options, canceller);
    assertThat(trainer[0].train().outcome()).isEqualTo(TrainingResult.Outcome.CANCELLED);
  }

  private static void assertSame(TrainingResult result, TrainingResult expected) {
    assertThat(result.tensors().keySet()).isEqualTo(expected.tensors().keySet());
    for (Map.Entry<String, Tensor> tensor : expected.tensors().entrySet()) {
      assertThat(result.tensors().get(tensor.getKey()).sameBits(tensor.getValue()))
          .as(tensor.getKey())
          .isTrue();
    }
    assertThat(withoutTimes(result.history())).isEqualTo(withoutTimes(expected.history()));
    assertThat(result.bestEpoch()).isEqualTo(expected.bestEpoch());
  }

  private static List<String> withoutTimes(List<EpochResult> history) {
    return history.stream()
        .map(
            e ->
                List.of(e.epoch(), e.steps(), e.loss(), e.validationLoss(), e.metrics(), e.rate())
                    .toString())
        .toList();
  }
}
