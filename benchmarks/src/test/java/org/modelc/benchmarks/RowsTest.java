package org.modelc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.runtime.spec.Json;

class RowsTest {
  private static Map<String, Object> row(String name) {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
      Rows.main(new String[] {"--json", "--rows", name, "--seconds", "0.2"});
    } finally {
      System.setOut(before);
    }
    return Json.readObject(bytes.toString(StandardCharsets.UTF_8).strip());
  }

  /** The promise of no garbage on the session's path, with its frame around the kernels. */
  @Test
  void predictionsAllocateNothing() {
    Map<String, Object> row = row("tiny-mlp-allocation");
    assertThat(((Number) row.get("ours")).doubleValue()).isZero();
  }

  /** A user's machine may run without escape analysis, which hides what is allocated in vain. */
  @Test
  void predictionsAllocateNothingWithoutEscapeAnalysis() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-DoEscapeAnalysis",
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                "org.modelc.benchmarks.Rows",
                "--json",
                "--rows",
                "tiny-mlp-allocation")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    Map<String, Object> row = Json.readObject(output.strip());
    assertThat(((Number) row.get("ours")).doubleValue()).isZero();
  }

  @Test
  void rowsHaveTheFieldsThatScriptsRead() {
    Map<String, Object> row = row("gemm-128x384x384");
    assertThat(row.keySet())
        .contains("row", "threads", "unit", "ours", "peer", "theirs", "ratio", "ratio_low");
    double ratio = ((Number) row.get("ratio")).doubleValue();
    assertThat(ratio).isGreaterThanOrEqualTo(((Number) row.get("ratio_low")).doubleValue());
    assertThat(ratio).isPositive();
  }
}
