package org.modelc.conformance.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.testkit.JavaProcess;
import org.modelc.testkit.driver.MockDriver;
import org.modelc.testkit.fiber.HostCompiler;

/**
 * Processes of their own: the command line over a jar for GPUs, and a program that has the jar
 * alone.
 */
class CudaProcessTest {
  private static final String PROGRAM =
      """
      public class Program {
        public static void main(String[] arguments) {
          models.Line model = models.Line.load();
          float[] y = new float[1];
          model.predict(model.newSession(), new float[] {1, 2}, y);
          System.out.println(model.model().programs().code().backend() + " " + Math.round(10 * y[0]));
        }
      }
      """;

  @TempDir Path folder;
  private MockDriver driver;

  @BeforeEach
  void model() throws IOException {
    Assumptions.assumeTrue(HostCompiler.isAvailable(), "there is no g++");
    driver = MockDriver.in(folder);
    Files.writeString(folder.resolve("line.model"), LineModel.TEXT);
    LineModel.writeRows(folder);
    Files.writeString(folder.resolve("Program.java"), PROGRAM);
  }

  private List<String> run(Path home, Path library, List<String> arguments)
      throws IOException, InterruptedException {
    List<Object> words = new ArrayList<>();
    words.add("-Dmodelc.cuda.library=" + library);
    words.add("-Dmodelc.cuda.compiler=" + FiberCudaCompiler.FIBER);
    words.add("-D" + FiberCudaCompiler.FOLDER + "=" + folder.resolve("fiber"));
    words.addAll(arguments);
    return JavaProcess.of(home, words).in(folder).run().lines();
  }

  private String modelc(String... words) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
    arguments.add("org.modelc.cli.Main");
    arguments.addAll(List.of(words));
    return String.join("\n", run(JavaProcess.home(), driver.library(), arguments));
  }

  /** The line is 2a − b + 1, which at (1, 2) is 1. */
  @Test
  void trainsMeasuresPredictsAndRunsAlone() throws Exception {
    assertThat(modelc("train", "line.model", "--backend", "cuda", "-o", "Line.jar", "--json"))
        .contains("\"met\":true");
    assertThat(driver.count("cuGraphLaunch")).isGreaterThan(200);
    assertThat(modelc("eval", "Line.jar", "--json")).contains("\"met\":true");
    Files.writeString(folder.resolve("row.json"), "{\"x_1\": 1, \"x_2\": 2}");
    assertThat(modelc("predict", "Line.jar", "--input", "row.json", "--json"))
        .containsPattern("\"y\":(0\\.9|1\\.0)");
    assertThat(driver.count("kernel ")).isPositive();
    assertThat(modelc("bench", "Line.jar", "--json")).contains("\"backend\":\"cuda\"");
    assertThat(modelc("bench", "Line.jar", "--backend", "jvm", "--json"))
        .contains("\"backend\":\"jvm\"");
    assertThat(modelc("bench", "Line.jar", "--profile")).contains("a GPU runs this model");
    assertThat(driver.log()).noneMatch(line -> line.startsWith("ERROR"));
    for (Path home : JavaProcess.homes()) {
      List<String> arguments = List.of("-cp", "Line.jar", "Program.java");
      List<String> lines = run(home, driver.library(), arguments);
      assertThat(lines.get(lines.size() - 1)).as("%s: %s", home, lines).startsWith("cuda sm_");
      assertThat(lines.get(lines.size() - 1)).endsWith(" 10");
      List<String> byLibrary = new ArrayList<>(List.of("-Dmodelc.cuda.calls=jni"));
      byLibrary.addAll(arguments);
      assertThat(run(home, driver.library(), byLibrary))
          .as("%s by the jar's library", home)
          .last()
          .isEqualTo(lines.get(lines.size() - 1));
      Path missing = folder.resolve("missing.so");
      assertThat(run(home, missing, arguments))
          .as("%s without a driver", home)
          .anyMatch(line -> line.contains("there is no " + missing))
          .endsWith("jvm 10");
    }
  }
}
