package org.modelc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MedianBoundTest {
  /** Of 100 values the 95 % interval of the median begins at rank 50 − 0.98 · 10 (from 0: 40). */
  @Test
  void ofAHundred() {
    List<Double> values = IntStream.range(0, 100).mapToObj(i -> (double) (i * 37 % 100)).toList();
    assertThat(MedianBound.of(values)).isEqualTo(new MedianBound(50, 40));
  }

  @Test
  void ofFewIsTheLeast() {
    assertThat(MedianBound.of(List.of(3.0, 1.0))).isEqualTo(new MedianBound(3, 1));
  }
}
