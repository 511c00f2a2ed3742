package org.modelc.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.modelc.compiler.CompressionSearch.Candidate;

/** Which ways to compress are on the front, by hand; the search itself runs in the CLI's tests. */
class CompressionSearchTest {
  private static Candidate candidate(String name, double accuracy, double jar, double latency) {
    return new Candidate(name, accuracy, true, 0, jar, latency, false);
  }

  private static List<String> front(Candidate... candidates) {
    return CompressionSearch.withFront(List.of(candidates)).stream()
        .filter(Candidate::front)
        .map(Candidate::sentences)
        .toList();
  }

  @Test
  void whatIsBetterInNothingIsNotOnTheFront() {
    assertThat(
            front(
                candidate("plain", 0.99, 100, 10),
                candidate("smaller", 0.98, 50, 10),
                candidate("faster", 0.98, 60, 5),
                candidate("worse", 0.97, 60, 8),
                candidate("worst", 0.90, 100, 20)))
        .containsExactly("plain", "smaller", "faster");
  }

  @Test
  void latenciesThatHardlyDifferAreAlike() {
    // 10.4 is within 5 % of 10, 10.6 is not.
    assertThat(front(candidate("a", 0.9, 50, 10.4), candidate("b", 0.9, 60, 10)))
        .containsExactly("a");
    assertThat(front(candidate("a", 0.9, 50, 10.6), candidate("b", 0.9, 60, 10)))
        .containsExactly("a", "b");
    // Alike in all: neither is better.
    assertThat(front(candidate("a", 0.9, 50, 10.4), candidate("b", 0.9, 50, 10)))
        .containsExactly("a", "b");
  }

  @Test
  void ofALossLessIsBetter() {
    Candidate low = new Candidate("low", 0.1, false, 0, 50, 10, false);
    Candidate high = new Candidate("high", 0.2, false, 0, 50, 10, false);
    assertThat(front(low, high)).containsExactly("low");
    Candidate broken = new Candidate("broken", Double.NaN, false, 0, 60, 10, false);
    assertThat(broken.dominates(high)).isFalse();
  }

  @Test
  void waysThatTrainNeedEpochs() {
    assertThat(CompressionSearch.ways("d", 0)).noneMatch(way -> way.contains("during"));
    assertThat(CompressionSearch.ways("d", 3))
        .contains(
            "prune structured 0.25 during 3 epochs quantize int8 calibrated on 256 of d.train");
  }
}
