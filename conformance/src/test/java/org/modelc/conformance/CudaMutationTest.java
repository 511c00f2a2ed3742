package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.codegen.cuda.TargetDescription;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.passes.Pipeline;
import org.modelc.testkit.ptx.PtxFailure;

/**
 * Mistakes made on purpose in emitted texts, one at a time: a barrier less, a wait for too few
 * copies, exchanged fragments, a bound off by one, a lost product. Each must end with a problem or
 * with wrong results ({@link CudaDevices}). The barrier after a tile is left out, as blocks that
 * take one tile end there.
 */
class CudaMutationTest {
  private static final String PRODUCT =
      "graph product(%a: f32[72, 64] input, %b: f32[64, 68] input) {\n"
          + "  %y = matmul(%a, %b)\n  return y = %y\n}\n";

  private static final String ATTENTION =
      "graph attention(%q: f32[1, 70, 16] input, %k: f32[1, 70, 16] input,"
          + " %v: f32[1, 70, 16] input) {\n"
          + "  %y = scaled_dot_product_attention(%q, %k, %v)"
          + " {heads = 2, causal = true, scale = 0.0}\n"
          + "  return y = %y\n}\n";

  private static final String GRADIENT =
      "graph gradient(%q: f32[1, 70, 16] input, %k: f32[1, 70, 16] input,"
          + " %v: f32[1, 70, 16] input, %c: f32[1, 70, 16] input) {\n"
          + "  %dq, %dk, %dv = scaled_dot_product_attention_gradient(%q, %k, %v, %c)"
          + " {heads = 2, causal = true, scale = 0.0}\n"
          + "  return dq = %dq\n  return dk = %dk\n  return dv = %dv\n}\n";

  private static final String BARRIER = "__syncthreads\\(\\);";

  @TempDir static Path folder;

  /** An emitted graph with inputs and what it should give. */
  private static final class Subject {
    private final EmittedCuda emitted;
    private final List<Array> inputs = new ArrayList<>();
    private final List<Array> expected;

    Subject(String text) throws IOException {
      Graph graph = GraphParser.parse(text);
      Random random = new Random(5);
      for (Graph.Input input : graph.inputs()) {
        int[] shape =
            input.value().tensor().shape().stream().mapToInt(dim -> dim.intValue()).toArray();
        Array array = Array.zeros(input.value().tensor().dtype(), shape);
        Arrays.setAll(array.data(), i -> (float) random.nextGaussian());
        inputs.add(array);
      }
      expected = GraphInterpreter.run(graph, inputs, Precision.EXACT);
      emitted =
          EmittedCuda.all(List.of(graph), Pipeline.TRAINING, new TargetDescription(80)).get(0);
    }

    String text() {
      return EmittedCuda.text(List.of(emitted));
    }

    /** What is wrong with a text's results, or null. */
    String problem(String text) throws IOException {
      List<Array> actual;
      try {
        actual = new CudaRun(emitted, inputs).on(CudaDevices.in(folder).of(text).apply(3));
      } catch (IllegalStateException | PtxFailure found) {
        return found.getMessage();
      }
      for (int i = 0; i < expected.size(); i++) {
        for (int j = 0; j < expected.get(i).size(); j++) {
          double difference = Math.abs(expected.get(i).data()[j] - actual.get(i).data()[j]);
          if (!(difference <= 2e-5)) {
            return "element " + j + " is off by " + difference;
          }
        }
      }
      return null;
    }
  }

  @TestFactory
  Stream<DynamicTest> product() throws IOException {
    Subject subject = new Subject(PRODUCT);
    List<String> mutants = mutants(subject.text(), BARRIER, "", 0, 1);
    mutants.addAll(mutants(subject.text(), "cp_async_wait<2>\\(\\);", "cp_async_wait<3>();", 0, 1));
    String left = "group \\+ j % 2 \\* 8u, k \\* 8u \\+ place \\+ j / 2 \\* 4u";
    String exchanged = "group + j / 2 * 8u, k * 8u + place + j % 2 * 4u";
    mutants.addAll(mutants(subject.text(), left, exchanged, 0, 1));
    String right = "k \\* 8u \\+ place \\+ j \\* 4u";
    mutants.addAll(mutants(subject.text(), right, "k * 8u + place * 2u + j", 0, 1));
    mutants.addAll(mutants(subject.text(), "at < \\(unsigned\\) 72", "at <= (unsigned) 72", 0, 1));
    String lost = "mma_m16n8k8_tf32\\(sums\\[i\\]\\[n\\], small_a\\[i\\].*;";
    mutants.addAll(mutants(subject.text(), lost, "", 0, 1));
    return tests(subject, mutants);
  }

  @TestFactory
  Stream<DynamicTest> attention() throws IOException {
    Subject subject = new Subject(ATTENTION);
    List<String> mutants = mutants(subject.text(), BARRIER, "", 0, 2);
    mutants.addAll(mutants(subject.text(), BARRIER, "", 3, 1));
    if (PtxCompiler.asked().isPresent()) {
      // Lanes wait for each other before they read what others brought, in the shim's order of
      // warps.
      mutants.addAll(mutants(subject.text(), BARRIER, "", 2, 1));
    }
    mutants.addAll(mutants(subject.text(), "query \\+ 1 \\+ head", "query + 2 + head", 0, 1));
    mutants.addAll(mutants(subject.text(), "sums\\[i\\]\\[j\\] \\*= earlier;", "", 0, 1));
    return tests(subject, mutants);
  }

  @TestFactory
  Stream<DynamicTest> attentionGradient() throws IOException {
    Subject subject = new Subject(GRADIENT);
    List<String> mutants = mutants(subject.text(), BARRIER, "", 0, 6);
    mutants.addAll(
        mutants(
            subject.text(), "least / TILE \\* TILE : 0", "least / TILE * TILE + TILE : 0", 0, 1));
    mutants.addAll(
        mutants(
            subject.text(),
            "row < head.keys && column < SIZE",
            "row + 1 < head.keys && column < SIZE",
            0,
            1));
    return tests(subject, mutants);
  }

  private static Stream<DynamicTest> tests(Subject subject, List<String> mutants) {
    List<DynamicTest> tests = new ArrayList<>();
    tests.add(
        DynamicTest.dynamicTest(
            "as it is", () -> assertThat(subject.problem(subject.text())).isNull()));
    for (int i = 0; i < mutants.size(); i++) {
      String mutant = mutants.get(i);
      tests.add(
          DynamicTest.dynamicTest(
              "mistake " + i, () -> assertThat(subject.problem(mutant)).isNotNull()));
    }
    return tests.stream();
  }

  /** Texts that each have one of some matches replaced, the one after another. */
  private static List<String> mutants(
      String text, String pattern, String replacement, int first, int count) {
    List<String> mutants = new ArrayList<>();
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    for (int i = 0; i < first + count; i++) {
      assertThat(matcher.find()).as("%s, match %d", pattern, i).isTrue();
      if (i >= first) {
        mutants.add(
            text.substring(0, matcher.start()) + replacement + text.substring(matcher.end()));
      }
    }
    return mutants;
  }
}
