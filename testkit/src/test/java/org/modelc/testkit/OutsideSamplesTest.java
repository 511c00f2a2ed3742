package org.modelc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.NoAttributes;
import org.modelc.runtime.spec.DType;

/**
 * The outputs that elementwise samples hold are computed anew by the sources they name, where
 * Debian's numpy and scipy are installed.
 */
class OutsideSamplesTest {
  private static final String PYTHON = "/usr/bin/python3";
  private static final Path SCRIPT = Path.of("fixtures/elementwise_samples.py");

  /**
   * Integer division, and what rounds otherwise on integers, is told of in those ops themselves.
   */
  private static final Set<String> OTHERWISE = Set.of("remainder");

  @TempDir Path folder;

  @Test
  void elementwiseSamplesAreWhatTheirSourcesSay() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of(PYTHON)) && run("import numpy, scipy.special").isEmpty(),
        "no python3 with numpy and scipy");
    List<String> lines = new ArrayList<>();
    for (OpCase<?> each : OpCase.all()) {
      String source = each.sample().source();
      boolean outside = source.matches("(numpy|scipy) [0-9.]+");
      boolean floating =
          each.sample().operands().stream()
              .allMatch(operand -> operand.dtype() == DType.F32 || operand.dtype() == DType.BOOL);
      boolean plain = each.sample().attributes() instanceof NoAttributes;
      if (outside && floating && plain && !OTHERWISE.contains(each.op().name())) {
        lines.add(json(each));
      }
    }
    Path samples = Files.write(folder.resolve("samples.jsonl"), lines);
    assertThat(lines).hasSizeGreaterThan(40);
    assertThat(python(samples, SCRIPT.toString())).isEqualTo("agree: " + lines.size());
  }

  private static String json(OpCase<?> each) {
    return "{\"op\": \""
        + each.op().name()
        + "\", \"name\": \""
        + each.sample().name()
        + "\", \"operands\": "
        + json(each.sample().operands())
        + ", \"results\": "
        + json(each.sample().results())
        + "}";
  }

  private static String json(List<Array> arrays) {
    return arrays.stream()
        .map(
            array ->
                Arrays.stream(array.data())
                    .mapToObj(element -> "\"" + element + "\"")
                    .collect(Collectors.joining(",", "[", "]")))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private String run(String code) throws Exception {
    return python(Files.writeString(folder.resolve("nothing"), ""), "-c", code);
  }

  private static String python(Path input, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(PYTHON));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectInput(input.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.strip();
  }
}
