package org.modelc.testkit.ptx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.modelc.testkit.gpu.Argument;
import org.modelc.testkit.gpu.Extent;
import org.modelc.testkit.gpu.Launch;

/**
 * Mistakes made on purpose in the PTX of a matrix product, one at a time: each must be found, by
 * what the interpreter watches or by a wrong result.
 */
class MutationTest {
  /** Rows of both halves of a fragment end within a tile of one of these. */
  private static final int[] ROWS = {45, 35};

  private static final int N = 36;
  private static final int K = 100;

  private static String product() throws IOException {
    String text = Bytes.resource("/ptx/kernels.ptx");
    int from = text.indexOf(".visible .entry product");
    return text.substring(0, text.indexOf(".visible .entry softmax"))
        + text.substring(from, text.indexOf(".visible .entry", from + 1));
  }

  /** The text without one match, or with another word in its place, for each match. */
  private static List<String> mutants(String text, String pattern, String replacement) {
    List<String> result = new ArrayList<>();
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    while (matcher.find()) {
      String changed = Pattern.compile(pattern).matcher(matcher.group()).replaceFirst(replacement);
      result.add(text.substring(0, matcher.start()) + changed + text.substring(matcher.end()));
    }
    assertThat(result).as(pattern).isNotEmpty();
    return result;
  }

  /** The largest error of the products; what the interpreter finds is thrown. */
  private static double error(String text, long seed) {
    return Math.max(error(text, seed, ROWS[0]), error(text, seed, ROWS[1]));
  }

  private static double error(String text, long seed, int rows) {
    Random random = new Random(7);
    float[] a = new float[rows * K];
    float[] b = new float[K * N];
    for (int i = 0; i < a.length; i++) {
      a[i] = random.nextInt(9) - 4;
    }
    for (int i = 0; i < b.length; i++) {
      b[i] = random.nextInt(9) - 4;
    }
    PtxMachine machine = new PtxMachine(PtxModule.parse(text));
    Launch launch =
        Launch.of(
            "product",
            Extent.of((N + 15) / 16, (rows + 31) / 32),
            Extent.of(128),
            Argument.buffer(machine.buffer(Bytes.of(a))),
            Argument.buffer(machine.buffer(Bytes.of(b))),
            Argument.buffer(machine.uninitialised(4 * rows * N)),
            Argument.of(rows),
            Argument.of(N),
            Argument.of(K));
    machine.launch(launch, seed);
    float[] out = Bytes.floats(machine.contents(2));
    double worst = 0;
    for (int i = 0; i < rows * N; i++) {
      double sum = 0;
      for (int k = 0; k < K; k++) {
        sum += (double) a[i / N * K + k] * b[k * N + i % N];
      }
      worst = Math.max(worst, Math.abs(sum - out[i]));
    }
    return worst;
  }

  @Test
  void withoutAMistakeItIsExact() throws IOException {
    for (long seed = 0; seed < 4; seed++) {
      assertThat(error(product(), seed)).as("seed %d, whole numbers", seed).isZero();
    }
  }

  @TestFactory
  Stream<DynamicTest> aDeletedBarrierIsARace() throws IOException {
    List<String> texts = mutants(product(), "bar\\.sync\\s+0;", "");
    // Nothing comes after the last one: it is not needed.
    texts.remove(texts.size() - 1);
    return tests(texts, text -> assertThatThrownBy(() -> error(text, 0)).hasMessageMatching(RACE));
  }

  /** A read or write that is not ordered, or one that the copies under way forbid. */
  private static final String RACE =
      ".*(race: |before the wait for its cp.async|during a cp.async).*";

  @TestFactory
  Stream<DynamicTest> aWaitTooShortIsSeen() throws IOException {
    List<String> texts = mutants(product(), "cp\\.async\\.wait_group 1;", "cp.async.wait_group 2;");
    return tests(
        texts,
        text ->
            assertThatThrownBy(() -> error(text, 0))
                .hasMessageContaining("before the wait for its cp.async"));
  }

  @TestFactory
  Stream<DynamicTest> swappedFragmentsGiveWrongSums() throws IOException {
    String number = "(%r\\d+)";
    List<String> texts =
        mutants(
            product(),
            "\\{" + number + "," + number + "," + number + "," + number + "\\}",
            "{$2,$1,$3,$4}");
    texts.addAll(mutants(product(), "\\{" + number + "," + number + "\\}", "{$2,$1}"));
    return tests(texts, text -> assertThat(error(text, 0)).isPositive());
  }

  @TestFactory
  Stream<DynamicTest> aBoundOffByOneIsSeen() throws IOException {
    // Rows and columns of the result.
    String text = product();
    int stores = text.lastIndexOf("cp.async.wait_group 0;");
    List<String> texts = new ArrayList<>();
    for (String wrong : mutants(text.substring(stores), "setp\\.ge\\.s32", "setp.gt.s32")) {
      texts.add(text.substring(0, stores) + wrong);
    }
    // The third looks at odd columns alone, of which none is the width, which divides by 4.
    texts.remove(2);
    return tests(
        texts,
        each ->
            assertThatThrownBy(() -> error(each, 0))
                .hasMessageMatching(".*(race: |out of bounds: ).*"));
  }

  private interface Check {
    void of(String text) throws IOException;
  }

  private static Stream<DynamicTest> tests(List<String> texts, Check check) {
    List<DynamicTest> tests = new ArrayList<>();
    for (String text : texts) {
      tests.add(DynamicTest.dynamicTest("mutant " + tests.size(), () -> check.of(text)));
    }
    return tests.stream();
  }
}
