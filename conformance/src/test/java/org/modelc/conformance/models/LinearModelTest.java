package org.modelc.conformance.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The opponents against scikit-learn 1.2.1 on five rows. */
class LinearModelTest {
  private static final float[] FEATURES = {0, 1, 1, 0, 2, 3, -1, 1, 3, -2};

  @Test
  void ridge() {
    // Ridge(alpha=1).fit([[0,1],[1,0],[2,3],[-1,1],[3,-2]], [1,2,4,-1,3]).predict(…)
    double[] scores =
        LinearModel.ridge(FEATURES, 2, new double[] {1, 2, 4, -1, 3}).scores(FEATURES, 2);
    double[] expected = {
      0.8131241084165479,
      1.5834522111269616,
      3.797432239657632,
      -0.31811697574892994,
      3.124108416547789
    };
    for (int i = 0; i < 5; i++) {
      assertThat(scores[i]).isCloseTo(expected[i], within(1e-9));
    }
  }

  @Test
  void logistic() {
    // LogisticRegression(C=1, tol=1e-12).fit(…, [0,1,1,0,0]).decision_function(…)
    double[] scores =
        LinearModel.logistic(FEATURES, 2, new double[] {0, 1, 1, 0, 0}).scores(FEATURES, 2);
    double[] expected = {
      -0.6473763809331575,
      -0.7419268203434547,
      1.412796308554768,
      -1.1151443335999902,
      -0.9310276991640491
    };
    for (int i = 0; i < 5; i++) {
      assertThat(scores[i]).isCloseTo(expected[i], within(1e-6));
    }
  }
}
