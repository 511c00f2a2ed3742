package org.modelc.benchmarks.contest;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AgreementTest {
  @Test
  void isRelativeToTheLargestElement() {
    assertThat(Agreement.difference(new float[] {4, -8}, new float[] {4.5f, -8}))
        .isEqualTo(0.0625, Offset.offset(1e-9));
    assertThat(Agreement.difference(new float[2], new float[2])).isZero();
  }

  @Test
  void notANumberNeverAgrees() {
    assertThat(Agreement.difference(new float[] {Float.NaN}, new float[] {Float.NaN})).isNaN();
    assertThat(Agreement.difference(new float[1], new float[2])).isNaN();
  }
}
