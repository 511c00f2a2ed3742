package org.modelc.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Model;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.nativecode.NativeLibrary;
import org.modelc.runtime.train.TrainingListener;
import org.modelc.runtime.train.TrainingOptions;
import org.modelc.runtime.typed.Learning;

/**
 * Native programs that read packed weights, one of them folded with a batch norm before it is
 * packed, predict what bytecode does, which packs nothing.
 */
class PackedProgramsTest {
  private static final String NET =
      """
      model Net {
          fn scores(x: f32[B, 9]) -> f32[B, 3] = x
              |> dense(70) |> batch_norm |> relu |> dense(33) |> relu |> dense(3)
          export fn predict(x: f32[B, 9]) -> (scores: f32[B, 3]) = (scores: scores(x))
          fn loss(x: f32[B, 9], label: i32[B]) -> f32[B] = cross_entropy(scores(x), label)
      }
      data rows { rows = jsonl("rows.jsonl") split 100% / 0% / 0% ordered }
      train Net on rows {
          minimize loss with sgd(0.1)
          batch 4   epochs 2   seed 1
      }
      """;
  private static final int ROWS = 8;

  @TempDir static Path folder;
  private static Path jar;
  private static double[] x;
  private static double[] label;

  @BeforeAll
  static void build() throws IOException {
    Assumptions.assumeTrue(NativeSupport.present(), "LLVM for this machine");
    Random random = new Random(7);
    x = random.doubles(ROWS * 9, -1, 1).toArray();
    label = random.ints(ROWS, 0, 3).asDoubleStream().toArray();
    jar = folder.resolve("Net.jar");
    Files.writeString(folder.resolve("rows.jsonl"), lines());
    Compiler.build(
            ModelSource.of("net.model", NET, folder),
            CompileOptions.defaults().withBackend(Backend.NATIVE))
        .write(jar, true);
  }

  private static String lines() {
    StringBuilder lines = new StringBuilder();
    for (int row = 0; row < ROWS; row++) {
      double[] values = java.util.Arrays.copyOfRange(x, 9 * row, 9 * row + 9);
      lines.append("{\"x\": ").append(java.util.Arrays.toString(values));
      lines.append(", \"label\": ").append((int) label[row]).append("}\n");
    }
    return lines.toString();
  }

  @AfterEach
  void forget() {
    System.clearProperty(NativeLibrary.PROPERTY);
    System.clearProperty(NativeLibrary.LEVEL_PROPERTY);
  }

  private Model load() throws IOException {
    ClassLoader loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, CompiledProgram.class.getClassLoader());
    return Model.load(loader, "Net");
  }

  private float[] predicted(Model model, int rows) {
    float[] values = new float[9 * rows];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) x[i];
    }
    Frame frame = model.newSession().frame("predict");
    frame.bind("x", values);
    frame.run();
    return java.util.Arrays.copyOf((float[]) frame.array("scores"), 3 * rows);
  }

  @Test
  void everyLevelPredictsWhatBytecodeDoes() throws IOException {
    Model plain = bytecode();
    String best = load().programs().code().backend().substring("native ".length());
    for (String level : List.of("x86-64-v2", "x86-64-v3", "x86-64-v4", "neon")) {
      if (level.compareTo(best) <= 0 && level.charAt(0) == best.charAt(0)) {
        System.setProperty(NativeLibrary.LEVEL_PROPERTY, level);
        Model model = load();
        assertThat(model.programs().has("predict.prepare")).isTrue();
        for (int rows : new int[] {1, 2, ROWS}) {
          assertThat(predicted(model, rows))
              .as("%d rows at %s", rows, level)
              .usingComparatorWithPrecision(1e-5f)
              .containsExactly(predicted(plain, rows));
        }
      }
    }
  }

  private Model bytecode() throws IOException {
    System.setProperty(NativeLibrary.PROPERTY, "off");
    Model plain = load();
    System.clearProperty(NativeLibrary.PROPERTY);
    return plain;
  }

  /** What was packed is packed anew when the weights have changed. */
  @Test
  void learningOnChangesWhatIsPredicted() throws IOException {
    Model trained = learned(load());
    Model plain = learned(bytecode());
    float[] now = predicted(trained, ROWS);
    float[] expected = predicted(plain, ROWS);
    float[] before = predicted(load(), ROWS);
    double moved = 0;
    for (int i = 0; i < now.length; i++) {
      assertThat(now[i]).isCloseTo(expected[i], within(1e-3f));
      moved = Math.max(moved, Math.abs(now[i] - before[i]));
    }
    assertThat(moved).as("the change that training makes").isGreaterThan(0.01);
  }

  private Model learned(Model model) {
    float[][] rows = new float[ROWS][9];
    for (int i = 0; i < x.length; i++) {
      rows[i / 9][i % 9] = (float) x[i];
    }
    Dataset data = Dataset.of(Map.of("x", rows, "label", label));
    return Learning.train(model, data, null, TrainingOptions.defaults(), TrainingListener.SILENT);
  }
}
