package org.modelc.compiler.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.TrainOptions;
import org.modelc.compiler.TrainedModel;
import org.modelc.runtime.train.TrainingListener;

/** What the report page promises, each from a training that took place. */
class TrainedReportTest {
  private static final int ROWS = 60;
  private static final String MODEL =
      """
      /// Is a point above the line?
      model Above {
          input features = standardized(imputed(a, by: mean)) ++ one_hot(colour)
          fn logits(features: f32[B, F]) -> f32[B, 2] = features |> dense(5) |> tanh |> dense(2)
          export fn predict(features: f32[B, F]) -> (class: i32[B]) = (class: argmax(logits(features), axis: -1))
          fn loss(features: f32[B, F], side: i32[B]) -> f32[B] = cross_entropy(logits(features), side)
      }
      model Line {
          input x = standardized(imputed(a, by: mean))
          fn y(x: f32[B, F]) -> f32[B] = x |> dense(1) |> squeeze(-1)
          export fn predict(x: f32[B, F]) -> (y: f32[B]) = (y: y(x))
          fn loss(x: f32[B, F], height: f32[B]) -> f32[B] = squared_error(y(x), height)
      }
      data points { rows = csv("points.csv") split 60% / 20% / 20% stratified by side seed 4 }
      data folded { rows = csv("points.csv") 4 folds seed 4 }
      train Above on points {
          minimize loss with adam(0.05)
          batch 6   epochs 7   seed 3
          measure accuracy(predict.class, side)
          require accuracy >= 0.5
      }
      train Line on folded {
          minimize loss with adam(0.05)
          batch 5   epochs 3   seed 3
          measure r2(predict.y, height), mae(predict.y, height)
      }
      """;

  @TempDir Path folder;

  private TrainedModel train(String model) throws IOException {
    StringBuilder rows = new StringBuilder("a,colour,height,side\n");
    for (int i = 0; i < ROWS; i++) {
      String a = i % 12 == 5 ? "" : Integer.toString(i % 20);
      String side = i % 20 > 9 ? "above" : "below";
      rows.append(a).append(',').append(i % 3 == 0 ? "red" : "blue").append(',');
      rows.append(2 * (i % 20) + i % 2).append(',').append(side).append('\n');
    }
    Files.writeString(folder.resolve("points.csv"), rows);
    TrainOptions options = TrainOptions.defaults();
    return Compiler.train(
        ModelSource.of("points.model", MODEL, folder),
        options.withCompile(options.compile().withModel(model)),
        TrainingListener.SILENT);
  }

  @Test
  void classifier() throws IOException {
    ReportData report = train("Above").report();
    assertThat(report.doc()).isEqualTo("Is a point above the line?");
    assertThat(report.epochs()).hasSize(7);
    assertThat(report.epochs())
        .allSatisfy(
            epoch -> {
              assertThat(epoch.loss()).isFinite();
              assertThat(epoch.seconds()).isPositive();
              assertThat(epoch.validation()).containsOnlyKeys("loss", "accuracy");
              assertThat(epoch.gradientNorms()).containsOnlyKeys("logits.dense", "logits.dense_2");
              assertThat(epoch.gradientNorms().values()).allMatch(norm -> norm > 0);
            });
    assertThat(report.epochs().get(6).loss()).isLessThan(report.epochs().get(0).loss());

    assertThat(report.confusion().labels()).containsExactly("above", "below");
    long measured = Arrays.stream(report.confusion().counts()).flatMapToLong(LongStream::of).sum();
    assertThat(measured).as("test rows").isEqualTo(ROWS / 5);
    assertThat(report.residuals()).isNull();

    assertThat(report.inputs()).extracting(ReportData.Distribution::name).contains("a", "colour");
    assertThat(report.inputs())
        .allSatisfy(
            input ->
                assertThat(LongStream.of(input.counts()).sum() + input.missing())
                    .as("training rows of %s", input.name())
                    .isEqualTo(ROWS * 3 / 5));
    // a, red, blue → 5 → 2: (3·5 + 5) + (5·2 + 2).
    assertThat(report.layers().stream().mapToLong(ReportData.Layer::count).sum()).isEqualTo(32);
    assertThat(report.graphSvg()).startsWith("<svg").contains("tanh", "argmax", "dense");
    assertThat(report.memory())
        .extracting(ReportData.Memory::program)
        .contains("train", "predict", "evaluate");
    assertThat(report.memory()).allMatch(memory -> memory.formula().endsWith(" bytes"));
    assertThat(report.requirements()).hasSize(1);
    assertThat(report.requirements().get(0).met())
        .isEqualTo(report.requirements().get(0).value() >= 0.5);
    for (Map.Entry<String, Map<String, Double>> part : report.metrics().entrySet()) {
      assertThat(report.baselines().get(part.getKey())).containsKey("accuracy");
    }
  }

  @Test
  void regressionWithFolds() throws IOException {
    ReportData report = train("Line").report();
    assertThat(report.folds().get("r2")).hasSize(4);
    assertThat(report.baselines().get("test")).containsOnlyKeys("r2", "mae");
    assertThat(report.confusion()).isNull();
    assertThat(report.residuals().actual()).as("each row was held out once").hasSize(ROWS);
    double[] sorted = report.residuals().actual().clone();
    Arrays.sort(sorted);
    double[] heights = new double[ROWS];
    Arrays.setAll(heights, i -> 2 * (i % 20) + i % 2);
    Arrays.sort(heights);
    assertThat(sorted).containsExactly(heights);
  }

  @Test
  @EnabledIfSystemProperty(named = "modelc.chromium", matches = ".+")
  void browserShowsTheTrainingOffline() throws Exception {
    String classifier = Chromium.open(HtmlReport.render(train("Above").report()), folder);
    assertPainted(
        classifier,
        "loss-chart",
        "measure-accuracy",
        "rate-chart",
        "time-chart",
        "gradient-chart",
        "input-0",
        "input-1");
    assertThat(classifier)
        .contains("id=\"confusion-matrix\"", "require", "Memory plan", "<svg", "32 numbers");
    String regression = Chromium.open(HtmlReport.render(train("Line").report()), folder);
    assertPainted(regression, "loss-chart", "residual-chart", "prediction-chart", "time-chart");
    assertThat(regression).contains("Cross-validation", "best constant predictor");
  }

  private static void assertPainted(String document, String... charts) {
    assertThat(document).contains("data-problems=\"\"");
    Matcher painted = Pattern.compile("data-painted=\"([^\"]+)\"").matcher(document);
    assertThat(painted.find()).isTrue();
    List<String> found = List.of(painted.group(1).split(" "));
    assertThat(found).extracting(each -> each.split("=")[0]).contains(charts);
    assertThat(found)
        .allSatisfy(each -> assertThat(Integer.parseInt(each.split("=")[1])).isGreaterThan(500));
  }
}
