package org.modelc.compiler.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.compress.CompressionTable;
import org.modelc.compiler.compress.StoredParameter;
import org.modelc.compiler.report.ReportData.Confusion;
import org.modelc.compiler.report.ReportData.Distribution;
import org.modelc.compiler.report.ReportData.Epoch;
import org.modelc.compiler.report.ReportData.Layer;
import org.modelc.compiler.report.ReportData.Memory;
import org.modelc.compiler.report.ReportData.Requirement;
import org.modelc.compiler.report.ReportData.Residuals;

class HtmlReportTest {
  private static ReportData data(String doc) {
    return new ReportData(
        "Digits",
        doc,
        Map.of("rows", "1797"),
        Map.of("test", Map.of("accuracy", 0.9875)),
        Map.of("test", Map.of("accuracy", 0.101)),
        List.of(new Requirement("accuracy", "accuracy >= 0.985", 0.985, 0.9875, true)),
        List.of("a warning"),
        List.of(
            new Epoch(
                1,
                1.5,
                1e-3,
                0.4,
                3000,
                Map.of("loss", 1.4, "accuracy", 0.7),
                Map.of("dense", 2.0)),
            new Epoch(
                2,
                0.5,
                1e-3,
                0.3,
                4000,
                Map.of("loss", 0.6, "accuracy", 0.9),
                Map.of("dense", 1.0))),
        new Confusion("test", List.of("0", "1"), new long[][] {{5, 1}, {0, 6}}),
        new Residuals("test", new double[] {1, 2, 3}, new double[] {1.1, 1.9, 3.2}),
        List.of(new Distribution("Age", List.of("10–20", "20–30"), new long[] {3, 4}, 1)),
        List.of(new Layer("dense", "weight", "[64, 10]", 640)),
        "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>",
        List.of(new Memory("train", "40*B", 4000)),
        Map.of("accuracy", List.of(0.97, 0.98)),
        new CompressionTable(
            List.of(new CompressionTable.Quantity("jar", 2000, 1000)),
            List.of(
                new StoredParameter(
                    "dense.weight",
                    "f32[64, 10]",
                    "int8",
                    2560,
                    660,
                    0.1,
                    0.01,
                    "floats",
                    Double.NaN,
                    0.003,
                    List.of(1, 5, 2)))));
  }

  @Test
  void pageAsksForNothingFromANetwork() {
    String page = HtmlReport.render(data(""));
    assertThat(page).doesNotContain("<link").doesNotContainPattern("<script[^>]* src=");
    assertThat(page).contains("Chart.js v4").doesNotContain("{{");
  }

  @Test
  void aCompressionIsInTheData() {
    String page = HtmlReport.render(data(""));
    assertThat(page).contains("\"compression\":{\"quantities\":[{\"name\":\"jar\"");
    assertThat(page).contains("\"sensitivity\":0.003").contains("\"histogram\":[1,5,2]");
    // JSON has no such number; the page writes a dash for what is none.
    assertThat(page).contains("\"inputError\":\"NaN\"");
  }

  @Test
  void docCommentCannotEndTheScript() {
    String page = HtmlReport.render(data("</script><script>alert(1)</script>"));
    assertThat(page).doesNotContain("</script><script>alert");
  }

  @Test
  @EnabledIfSystemProperty(named = "modelc.chromium", matches = ".+")
  void browserDrawsEveryChartWithoutErrors(@TempDir Path folder) throws Exception {
    String document =
        Chromium.open(HtmlReport.render(data("It's <b> a \"test\" </script>")), folder);
    assertThat(document).contains("data-problems=\"\"");
    Matcher painted = Pattern.compile("data-painted=\"([^\"]+)\"").matcher(document);
    assertThat(painted.find()).isTrue();
    assertThat(painted.group(1).split(" "))
        .extracting(each -> each.split("=")[0])
        .contains("loss-chart", "measure-accuracy", "gradient-chart", "residual-chart", "input-0");
    assertThat(painted.group(1).split(" "))
        .allSatisfy(each -> assertThat(Integer.parseInt(each.split("=")[1])).isGreaterThan(500));
    assertThat(document).contains("id=\"confusion-matrix\"");
  }
}
