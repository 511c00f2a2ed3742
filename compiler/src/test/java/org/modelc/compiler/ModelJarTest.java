package org.modelc.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.compiler.jar.ModelJar;
import org.modelc.runtime.FormatException;
import org.modelc.runtime.Frame;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.Safetensors;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.DType;
import org.modelc.testkit.AffineModel;
import org.modelc.testkit.JavaProcess;

class ModelJarTest {
  private static final String AFFINE =
      """
      /// Twice three numbers and one.
      model Affine() {
          fn both(x: f32[B, 3]) -> f32[B, 2] {
              param weight: f32[3, 2] = zeros()
              param bias: f32[2] = zeros()
              x @ weight + bias
          }
          /// Scores of a row.
          export fn predict(x: f32[B, 3]) -> (score: f32[B, 2], best: f32[B]) =
              (score: both(x), best: max(both(x), over: -1))
      }
      """;

  @TempDir Path folder;

  private ModelSource source() {
    return ModelSource.of("affine.model", AFFINE, folder);
  }

  private Path weights() {
    return AffineModel.writeWeights(folder);
  }

  private Path jar() {
    Path jar = folder.resolve("Affine.jar");
    CompileOptions options =
        CompileOptions.defaults().withWeights(weights()).withBackend(Backend.JVM);
    Compiler.build(source(), options).write(jar, true);
    return jar;
  }

  @Test
  void sameInputsGiveSameBytes() throws IOException {
    CompileOptions options = CompileOptions.defaults().withWeights(weights());
    Path first = folder.resolve("1.jar");
    Path second = folder.resolve("2.jar");
    Compiler.build(source(), options).write(first, true);
    Compiler.build(source(), options).write(second, true);
    assertThat(first).hasSameBinaryContentAs(second);
    String all = new String(Files.readAllBytes(first), StandardCharsets.ISO_8859_1);
    assertThat(all).doesNotContain(folder.toString());
  }

  @Test
  void programWithOnlyTheJarPredicts() throws Exception {
    // 1·1 + 2·2 + 3·3 + 0.5 = 14.5 and 10·1 + 20·2 + 30·3 − 1 = 139.
    String program =
        """
        import java.util.Arrays;
        import models.Affine;
        public class Use {
          public static void main(String[] arguments) {
            Affine model = Affine.load();
            Affine.PredictResult one = model.predict(new float[] {1, 2, 3});
            System.out.println(Arrays.toString(one.score()) + " " + one.best());
            var all = model.predictAll(new float[][] {{1, 2, 3}, {0, 0, 0}});
            System.out.println(all.size() + " " + all.get(1).best());
            float[] score = new float[4];
            float[] best = new float[2];
            model.predict(model.newSession(), new float[] {1, 2, 3, 0, 0, 1}, score, best);
            System.out.println(Arrays.toString(score));
          }
        }
        """;
    assertThat(runWith(jar(), program).lines())
        .containsExactly("[14.5, 139.0] 139.0", "2 0.5", "[14.5, 139.0, 3.5, 29.0]");
  }

  @Test
  void programWithOnlyTheJarTrainsAndSaves() throws Exception {
    // y = 2a + 1 without noise: gradient descent on standardised a reaches the line.
    Files.writeString(folder.resolve("line.csv"), "a,target\n0,1\n1,3\n2,5\n3,7\n");
    String model =
        """
        model Line {
            input x = standardized(a)
            fn y(x: f32[B, F]) -> f32[B] {
                param weight: f32[F, 1] = zeros()
                param bias: f32[1] = zeros()
                squeeze(x @ weight + bias, -1)
            }
            export fn predict(x: f32[B, F]) -> (y: f32[B]) = (y: y(x))
            fn loss(x: f32[B, F], target: f32[B]) -> f32[B] = squared_error(y(x), target)
        }
        data points { rows = csv("line.csv") split 100% / 0% / 0% ordered }
        train Line on points { minimize loss with sgd(0.2) batch 4 epochs 60 }
        """;
    Path jar = folder.resolve("Line.jar");
    Compiler.build(ModelSource.of("line.model", model, folder), CompileOptions.defaults())
        .write(jar, true);
    String program =
        """
        import java.nio.file.Path;
        import java.util.Map;
        import models.Line;
        import org.modelc.runtime.data.Dataset;
        public class Use {
          public static void main(String[] arguments) {
            Line untrained = Line.load();
            Line.X four = Line.X.builder().a(4).build();
            Line trained = untrained.train(Dataset.of(Map.of(
                "a", new double[] {0, 1, 2, 3}, "target", new double[] {1, 3, 5, 7})));
            trained.save(Path.of("line.safetensors"));
            Line read = Line.load(Path.of("line.safetensors"));
            System.out.println(untrained.predict(four).y());
            System.out.println(Math.round(1000 * trained.predict(four).y()));
            System.out.println(trained.predict(four).equals(read.predict(four)));
          }
        }
        """;
    assertThat(runWith(jar, program).lines()).containsExactly("0.0", "9000", "true");
  }

  private String runWith(Path jar, String program) throws Exception {
    Path file = Files.writeString(folder.resolve("Use.java"), program);
    return JavaProcess.printed(file, jar);
  }

  /** k = 3 of a dim that is known only at the call: too few are told at entry, not by an index. */
  @Test
  void tooFewElementsForTopKAreToldAtTheCall() {
    String text =
        """
        model Top {
            export fn predict(x: f32[T]) -> (best: f32[3]) {
                let (values, _places) = top_k(x, 3, axis: -1)
                (best: values)
            }
        }
        """;
    Compilation compiled =
        Compiler.compile(ModelSource.of("top.model", text, folder), CompileOptions.defaults());
    Frame frame = compiled.programSet(Map.of()).frame("predict");
    frame.bind("x", new float[] {4, 7, 1, 9});
    frame.run();
    assertThat((float[]) frame.array("best")).containsExactly(9, 7, 4);
    frame.bind("x", new float[] {4, 7});
    assertThatThrownBy(frame::run)
        .isInstanceOf(ModelcException.class)
        .hasMessageContaining("T")
        .hasMessageContaining("2")
        .hasMessageContaining("3");
  }

  @Test
  void sizeWithoutRuntimeLeavesOutTheRuntimeOnly() throws IOException {
    ModelJar jar = Compiler.build(source(), CompileOptions.defaults().withWeights(weights()));
    Path bare = folder.resolve("bare.jar");
    jar.write(bare, false);
    assertThat(jar.sizeWithoutRuntime()).isEqualTo(Files.size(bare));
    try (ZipFile zip = new ZipFile(bare.toFile())) {
      assertThat(zip.stream().map(entry -> entry.getName()))
          .contains("models/Affine.class", "META-INF/modelc/Affine.safetensors")
          .noneMatch(name -> name.startsWith("org/modelc/runtime"));
    }
  }

  @Test
  void jarIsReadBack() {
    ModelArchive archive = ModelArchive.open(jar());
    assertThat(archive.model().manifest().doc()).isEqualTo("Twice three numbers and one.");
    assertThat(archive.source()).isEqualTo(AFFINE);
  }

  @Test
  void weightsOfAnotherShapeAreNamed() {
    Path file = folder.resolve("wrong.safetensors");
    Tensor weight = Tensor.zeros(DType.F32, List.of(2, 2));
    new Safetensors(Map.of("both.weight", weight), Map.of()).write(file);
    CompileOptions options = CompileOptions.defaults().withWeights(file);
    assertThatThrownBy(() -> Compiler.build(source(), options))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("`both.bias` is missing")
        .hasMessageContaining("`both.weight` is f32[2, 2], the model needs f32[3, 2]");
  }

  @Test
  void damagedJarsAreRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(jar());
    Path cut = Files.write(folder.resolve("cut.jar"), Arrays.copyOf(bytes, bytes.length / 3));
    assertThatThrownBy(() -> ModelArchive.open(cut)).isInstanceOf(ModelcException.class);
    Path text = Files.writeString(folder.resolve("text.jar"), "no archive");
    assertThatThrownBy(() -> ModelArchive.open(text)).hasMessageContaining("holds no model");
    byte[] flipped = bytes.clone();
    int at =
        new String(bytes, StandardCharsets.ISO_8859_1)
            .indexOf("META-INF/modelc/Affine.safetensors");
    flipped[at + 60] ^= 0x55;
    Path bad = Files.write(folder.resolve("bad.jar"), flipped);
    assertThatThrownBy(() -> ModelArchive.open(bad)).isInstanceOf(ModelcException.class);
  }
}
