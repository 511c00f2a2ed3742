package org.modelc.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.compress.CompressionTable;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.dsl.recipe.CompressSpec;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.train.TrainingListener;

/** Compress blocks on a small model: what comes of them, and what is wrong with them. */
class ModelCompressionTest {
  private static final String TEXT =
      """
      model Line {
          fn of(a: f32[B], b: f32[B]) -> f32[B] = stack([a, b], axis: 1) |> dense(40) |> relu |> dense(1) |> squeeze(-1)
          export fn predict(a: f32[B], b: f32[B]) -> (y: f32[B]) = (y: of(a, b))
          fn loss(a: f32[B], b: f32[B], y: f32[B]) -> f32[B] = squared_error(of(a, b), y)
      }
      data points { rows = csv("points.csv") split 80% / 0% / 20% ordered }
      train Line on points {
          minimize loss with adam(0.01)
          batch 8   epochs 30
          measure mse(predict.y, y)
      }
      """;

  @TempDir Path folder;

  @BeforeEach
  void rows() throws IOException {
    StringBuilder rows = new StringBuilder("a,b,y\n");
    for (int i = 0; i < 100; i++) {
      double a = i % 10 / 5.0 - 1;
      double b = i * 7 % 13 / 6.0 - 1;
      rows.append(a + "," + b + "," + (a - 2 * b) + "\n");
    }
    Files.writeString(folder.resolve("points.csv"), rows);
  }

  /** As bytecode, which is compiled sooner; native code compresses in conformance. */
  private TrainedModel train(String block) {
    return trainText(TEXT + "compress Line { " + block + " }\n");
  }

  private TrainedModel trainText(String text) {
    return Compiler.train(
        ModelSource.of("line.model", text, folder),
        TrainOptions.defaults().withCompile(CompileOptions.defaults().withBackend(Backend.JVM)),
        TrainingListener.SILENT);
  }

  private void refused(String block, String code, String words) {
    assertThatThrownBy(() -> train(block))
        .isInstanceOfSatisfying(
            DiagnosticException.class,
            refused -> {
              assertThat(refused.diagnostics()).hasSize(1);
              assertThat(refused.diagnostics().get(0).code().code()).isEqualTo(code);
              assertThat(refused.diagnostics().get(0).toString()).contains(words);
            });
  }

  @Test
  void aJarIsCompressedAndSaysHow() {
    Path plain = folder.resolve("Line.jar");
    Path small = folder.resolve("Small.jar");
    Compiler.train(
            ModelSource.of("line.model", TEXT, folder),
            TrainOptions.defaults(),
            TrainingListener.SILENT)
        .jar()
        .write(plain, true);
    String sentence = "quantize int8 calibrated on 40 of points.train by min_max";
    JarCompression made =
        JarCompression.of(ModelArchive.open(plain), sentence, folder, CompileOptions.defaults());
    made.jar().write(small, true);
    ModelArchive read = ModelArchive.open(small);
    assertThat(read.model().tensors().get("of.dense.weight").dtype()).isEqualTo(DType.I8);
    assertThat(read.source()).contains(sentence);
    CompressionTable table = CompressionTable.of(read).orElseThrow();
    assertThat(table.parameters())
        .filteredOn(line -> line.stored().equals("int8"))
        .extracting(line -> line.name())
        .containsExactly("of.dense.weight", "of.dense_2.weight");
    Map<String, Double> measured = Evaluation.of(read, folder).metrics().get("test");
    assertThat(measured.get("mse")).isLessThan(0.1);
    assertThat(CompressionTable.of(ModelArchive.open(plain))).isEmpty();
    assertThatThrownBy(() -> JarCompression.of(read, sentence, folder, CompileOptions.defaults()))
        .isInstanceOf(ModelcException.class)
        .hasMessageContaining("compressed already");
  }

  @Test
  void groupsOfFourBitsAndUnevenOnes() {
    TrainedModel trained = train("quantize weights int4 group 32");
    assertThat(trained.compressed().warnings())
        .anyMatch(warning -> warning.contains("of.dense.weight"));
    assertThat(trained.compressed().tensors().get("of.dense_2.weight").shape())
        .containsExactly(20, 1);
  }

  @Test
  void theTableTellsWhatEachParameterCostsAlone() {
    CompressedModel small = train("quantize weights int4").compressed();
    // Of one layer's rounding alone the model loses less than it could of both, and something.
    assertThat(small.parameters())
        .filteredOn(line -> line.stored().equals("int4"))
        .hasSize(2)
        .allSatisfy(
            line -> {
              assertThat(line.sensitivity()).isNotNaN().isNotZero().isBetween(-0.1, 0.1);
              assertThat(line.histogram().stream().mapToInt(each -> each).sum())
                  .isEqualTo(line.shape().contains("2, 40") ? 80 : 40);
            });
    assertThat(small.parameters())
        .filteredOn(line -> line.stored().equals("f32"))
        .hasSize(2)
        .allSatisfy(line -> assertThat(line.sensitivity()).isNaN());
  }

  @Test
  void typesAreMixedWithinABudget() {
    CompressedModel small =
        train("quantize weights mixed budget 60 % calibrated on 40 of points.train").compressed();
    // 80 and 40 weights of four bytes; 60 % of 480 bytes are 288, so the first one has to shrink,
    // and then the second one, or the first once more, may stay as it is.
    long bytes =
        small.parameters().stream()
            .filter(line -> line.name().endsWith(".weight"))
            .mapToLong(line -> line.bytesAfter())
            .sum();
    assertThat(bytes).isBetween(121L, 288L);
    assertThat(small.tensors().get("of.dense.weight").dtype()).isEqualTo(DType.I8);
    assertThat(small.measured().get("mse")).isLessThan(0.1);
    // In four bits 40 + 40 · 2 and 20 + 2 bytes, 29.6 % of 480.
    refused(
        "quantize weights mixed budget 29 % calibrated on 40 of points.train", "E409", "29.6 %");
  }

  /** Rounding to nearest loses half a unit of the last place at most: 2⁻¹¹ and 2⁻⁸ of a value. */
  @Test
  void floatsOf16BitsTakeHalfTheBytes() {
    CompressedModel small =
        train("quantize weights f16 quantize weights bf16 over dense_2").compressed();
    Tensor first = small.tensors().get("of.dense.weight");
    assertThat(first.dtype()).isEqualTo(DType.F16);
    assertThat(small.tensors().get("of.dense_2.weight").dtype()).isEqualTo(DType.BF16);
    assertThat(small.parameters())
        .hasSize(4)
        .allSatisfy(
            line -> {
              boolean isBrain = line.name().contains("dense_2");
              assertThat(line.stored()).isEqualTo(isBrain ? "bf16" : "f16");
              assertThat(2 * line.bytesAfter()).isEqualTo(line.bytesBefore());
              assertThat(line.weightError()).isBetween(0.0, isBrain ? 0x1p-8 : 0x1p-11);
            });
    assertThat(small.measured().get("mse")).isLessThan(0.1);
  }

  private static void checkBeyondF16(DiagnosticException refused, String place) {
    assertThat(refused.diagnostics().get(0).toString())
        .contains(
            "E511", place, "`shift` has ", "f16 ends at 65,504", "weights bf16 over \"shift\"");
  }

  @Test
  void aWeightBeyondF16IsTold() {
    String model =
        TEXT.replace("fn of(", "param shift: f32[] = constant(70000)\n    fn near(")
            .replace(
                "export",
                "fn of(a: f32[B], b: f32[B]) -> f32[B] = near(a, b) + shift * a\n    export");
    String sentence = "quantize weights f16";
    assertThatThrownBy(() -> trainText(model + "compress Line { " + sentence + " }"))
        .isInstanceOfSatisfying(
            DiagnosticException.class, e -> checkBeyondF16(e, "line.model:14:17"));
    Path plain = folder.resolve("Shifted.jar");
    trainText(model).jar().write(plain, true);
    ModelArchive read = ModelArchive.open(plain);
    assertThatThrownBy(() -> JarCompression.of(read, sentence, folder, CompileOptions.defaults()))
        .isInstanceOfSatisfying(
            DiagnosticException.class, e -> checkBeyondF16(e, "Line.model:16:5"));
    TrainedModel other =
        trainText(
            model + "compress Line { " + sentence + " quantize weights bf16 over \"shift\" }");
    assertThat(other.compressed().tensors().get("shift").dtype()).isEqualTo(DType.BF16);
  }

  @Test
  void whatIsLeftRewindsOrIsChosenByMovement() {
    for (String how : new String[] {"magnitude 0.5 of each rewind", "movement 0.5 of each"}) {
      CompressedModel sparse =
          train("prune " + how + " during 30 epochs quantize weights bf16").compressed();
      assertThat(sparse.parameters())
          .filteredOn(line -> line.name().endsWith(".weight"))
          .hasSize(2)
          .allSatisfy(line -> assertThat(line.zeros()).as(how).isBetween(0.5, 0.51));
      assertThat(sparse.tensors().keySet()).noneMatch(name -> name.contains("score"));
      assertThat(sparse.measured().get("mse")).as(how).isLessThan(0.05);
    }
  }

  @Test
  void matricesOfLowRankBecomeTwo() {
    String model = TEXT.replace("dense(40) |> relu", "dense(40) |> dense(40, bias: false) |> relu");
    TrainedModel trained =
        trainText(
            model
                + "compress Line { factorize error 0.7 over dense_2, dense_3 during 3 epochs"
                + " quantize int8 over \"of.dense_2.*\" }");
    CompressedModel small = trained.compressed();
    int[] left = shape(small, "of.dense_2.weight.left");
    int[] right = shape(small, "of.dense_2.weight.right");
    int rank = left[1];
    assertThat(left).containsExactly(40, rank);
    assertThat(right).containsExactly(rank, 40);
    // Of rank 19 they would still be fewer than 40 · 40.
    assertThat(rank).isBetween(1, 19);
    assertThat(small.tensors()).doesNotContainKey("of.dense_2.weight");
    assertThat(small.tensors().get("of.dense_2.weight.left").dtype()).isEqualTo(DType.I8);
    assertThat(small.quantities())
        .contains(
            new CompressionTable.Quantity("multiply-adds", 80 + 1600 + 40, 80 + rank * 80 + 40));
    assertThat(small.warnings()).anyMatch(each -> each.contains("of.dense_3.weight"));
    assertThat(small.measured().get("mse")).isLessThan(0.1);
    assertThat(small.parameters())
        .filteredOn(line -> line.name().contains("dense_2.weight"))
        .hasSize(2)
        .allSatisfy(line -> assertThat(line.weightError()).isBetween(0.1, 0.71));
  }

  private static int[] shape(CompressedModel model, String name) {
    return model.tensors().get(name).shape().stream().mapToInt(each -> each).toArray();
  }

  @Test
  void patternsThatMatchNothing() {
    refused("factorize error 0.1 over conv", "E509", "of.dense_2.weight");
    refused("quantize int8 over conv", "E509", "of.dense_2.weight");
  }

  @Test
  void hiddenUnitsGoAndTheRestIsTrained() {
    TrainedModel trained = train("prune structured 0.75 during 20 epochs quantize int8 over dense");
    CompressedModel small = trained.compressed();
    assertThat(small.tensors().get("of.dense.weight").shape()).containsExactly(2, 10);
    assertThat(small.tensors().get("of.dense_2.weight").dtype()).isEqualTo(DType.I8);
    assertThat(small.compilation().manifest().recipe().epochs()).isEqualTo(30);
    assertThat(small.measured().get("mse")).isLessThan(0.1);
    // 2·40 + 40 products become 2·10 + 10.
    assertThat(small.quantities())
        .contains(new CompressionTable.Quantity("multiply-adds", 120, 30));
  }

  @Test
  void weightsLearnToBeIntegersOfFourBits() {
    CompressedModel rounded = train("quantize weights int4").compressed();
    CompressedModel learned = train("quantize weights int4 during 10 epochs").compressed();
    assertThat(learned.measured().get("mse")).isLessThan(rounded.measured().get("mse"));
    assertThat(learned.tensors()).containsOnlyKeys(rounded.tensors().keySet());
  }

  @Test
  void inputsLearnTheirRange() {
    CompressedModel found =
        train("quantize int8 calibrated on 40 of points.train by min_max").compressed();
    CompressedModel learned =
        train("quantize int8 calibrated on 40 of points.train by min_max during 10 epochs")
            .compressed();
    assertThat(learned.tensors()).containsOnlyKeys(found.tensors().keySet());
    assertThat(learned.measured().get("mse")).isLessThan(found.measured().get("mse"));
    assertThat(learned.parameters())
        .filteredOn(line -> line.stored().equals("int8"))
        .hasSize(2)
        .allSatisfy(line -> assertThat(line.input()).startsWith("int8 (q"))
        .extracting(line -> line.input())
        .doesNotContainAnyElementsOf(
            found.parameters().stream().map(line -> line.input()).toList());
  }

  @Test
  void aWideWeightIsStoredWithoutItsZeros() throws IOException {
    String model = TEXT.replace("dense(40) |> relu", "dense(400) |> relu |> dense(400) |> relu");
    TrainedModel trained =
        trainText(
            model.replace("epochs 30", "epochs 3")
                + "compress Line { prune magnitude 0.95 over dense_2 during 3 epochs }");
    CompressedModel small = trained.compressed();
    assertThat(small.parameters())
        .filteredOn(line -> line.stored().equals("sparse"))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.name()).isEqualTo("of.dense_2.weight");
              // Five bytes a place where it had four an element, of which 5 % are left.
              assertThat(line.bytesAfter()).isBetween(8_000L * 5, line.bytesBefore() / 5);
            });
    assertThat(small.tensors()).containsKeys("of.dense_2.weight.gaps", "of.dense_2.weight.starts");
    Path jar = folder.resolve("Sparse.jar");
    trained.jar().write(jar, true);
    Map<String, Double> measured =
        Evaluation.of(ModelArchive.open(jar), folder).metrics().get("test");
    assertThat(measured.get("mse")).isEqualTo(small.measured().get("mse"));
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      assertThat(zip.stream())
          .filteredOn(entry -> entry.getName().endsWith(".safetensors"))
          .singleElement()
          .satisfies(entry -> assertThat(entry.getCompressedSize()).isLessThan(entry.getSize()));
    }
  }

  @Test
  void whatWasPrunedStaysZeroWhileTheRestLearns() {
    CompressedModel sparse =
        train("prune magnitude 0.5 of each quantize weights int8 during 2 epochs").compressed();
    assertThat(sparse.parameters())
        .filteredOn(line -> line.stored().equals("int8"))
        .hasSize(2)
        .allMatch(line -> line.zeros() >= 0.5);
  }

  @Test
  void whatPruningRefuses() {
    refused("prune structured 0.5 over dense_2", "E510", "it has one");
    refused("prune structured 0.99", "E510", "is all of them");
  }

  @Test
  void rowsThatAreAllAlike() throws IOException {
    Files.writeString(folder.resolve("points.csv"), "a,b,y\n" + "0,0,1\n".repeat(20));
    refused("quantize int8 calibrated on 10 of points.train", "E508", "all values are 0.0");
  }

  @Test
  void calibrationNeedsRowsOfTheModelsOwnShape() throws IOException {
    Path plain = folder.resolve("Line.jar");
    ModelSource source = ModelSource.of("line.model", TEXT, folder);
    Compiler.train(source, TrainOptions.defaults().withEpochs(1), TrainingListener.SILENT)
        .jar()
        .write(plain, true);
    String sentence = "quantize int8 calibrated on 40 of points.train";
    Files.writeString(folder.resolve("points.csv"), "a,c,y\n" + "1,2,3\n".repeat(20));
    assertThatThrownBy(
            () ->
                JarCompression.of(
                    ModelArchive.open(plain), sentence, folder, CompileOptions.defaults()))
        .hasMessageContaining("`b`");
    Files.writeString(folder.resolve("points.csv"), "a,b,y\n");
    assertThatThrownBy(
            () ->
                JarCompression.of(
                    ModelArchive.open(plain), sentence, folder, CompileOptions.defaults()))
        .hasMessageContaining("no rows");
    rows();
    // Where nothing is measured there are no rows to look at either.
    CompressSpec.QuantizeSpec fixed =
        new CompressSpec.QuantizeSpec(
            CompressSpec.Type.INT8,
            CompressSpec.Kind.FIXED,
            0,
            0,
            List.of(),
            new CompressSpec.CalibrationSpec(40, CompressSpec.Method.MSE, 100),
            0,
            SourceSpan.NONE);
    assertThatThrownBy(
            () -> UncalibratedCompression.build(source, CompileOptions.defaults(), List.of(fixed)))
        .isInstanceOf(DiagnosticException.class)
        .hasMessageContaining("there are no rows to calibrate on");
  }

  @Test
  void requirementsAreOfTheCompressedModel() {
    TrainedModel trained = train("quantize int8 require parameters <= 1 %, mse within 0.5");
    assertThat(trained.requirements()).extracting(each -> each.met()).containsExactly(false, true);
  }
}
