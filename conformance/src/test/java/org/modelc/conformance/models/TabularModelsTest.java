package org.modelc.conformance.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.TrainedModel;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.data.DatasetView;
import org.modelc.runtime.data.Splitter;
import org.modelc.runtime.metrics.MetricInput;
import org.modelc.runtime.metrics.Metrics;
import org.modelc.runtime.spec.FittedTransform;
import org.modelc.runtime.spec.InputSpec;
import org.modelc.runtime.transform.Transforms;

/** The models of tables, against linear models on the same folds. */
class TabularModelsTest {
  @Test
  void concreteExplainsStrengthWhateverTheSeed() {
    List<Double> values = new ArrayList<>();
    for (long seed = 1; seed <= 5; seed++) {
      TrainedModel trained =
          Models.train(Models.source("concrete"), Models.bytecode().withSeed(seed));
      values.add(trained.metrics().get("test").get("r2"));
    }
    assertThat(mean(values)).as("R² of 5 seeds: " + values).isGreaterThanOrEqualTo(0.88);
  }

  @Test
  void diabetesIsNoWorseThanRidgeRegression() {
    double ridge =
        opponent(
            "diabetes",
            "standardized(age, sex, bmi, bp, s1, s2, s3, s4, s5, s6)",
            "target",
            "r2",
            false);
    TrainedModel trained = Models.meetsItsRequirements("diabetes");
    assertThat(mean(trained.folds().get("r2"))).as("ridge " + ridge).isGreaterThanOrEqualTo(ridge);
  }

  @Test
  void creditRiskBeatsLogisticRegression() {
    double logistic =
        opponent(
            "credit-risk",
            "standardized(imputed(Seniority, Time, Age, Expenses, Income, Assets, Debt, Amount,"
                + " Price, by: median)) ++ one_hot(Home, Marital, Records, Job)",
            "bad",
            "auc",
            true);
    TrainedModel trained = Models.meetsItsRequirements("credit-risk");
    assertThat(mean(trained.folds().get("auc")))
        .as("logistic regression " + logistic)
        .isGreaterThanOrEqualTo(logistic + 0.01);
  }

  @Test
  void diagnosisIsRight() {
    TrainedModel trained = Models.meetsItsRequirements("diagnosis");
    assertThat(trained.folds().get("accuracy")).hasSize(5);
    assertThat(mean(trained.folds().get("accuracy"))).isGreaterThanOrEqualTo(0.975);
  }

  /**
   * The mean over folds of what a linear model reaches.
   *
   * @param features the usual preparation of the columns, whatever the model's own input adds to it
   */
  private static double opponent(
      String model, String features, String target, String metric, boolean logistic) {
    ModelSource source = Models.source(model);
    InputSpec input = Models.input(features);
    Models.Folds folds = Models.Folds.of(source);
    List<Double> values = new ArrayList<>();
    for (int fold = 0; fold < folds.folds().size(); fold++) {
      Dataset train = new DatasetView(folds.rows(), Splitter.allBut(folds.folds(), fold));
      Dataset held = new DatasetView(folds.rows(), folds.folds().get(fold));
      FittedTransform fitted = Transforms.fit(input.transform(), train);
      int width = fitted.shape().get(0);
      float[] rows = Transforms.apply(fitted, all(train));
      double[] targets = all(train).numbers(target);
      LinearModel linear =
          logistic
              ? LinearModel.logistic(rows, width, targets)
              : LinearModel.ridge(rows, width, targets);
      double[] scores = linear.scores(Transforms.apply(fitted, all(held)), width);
      if (logistic) {
        for (int i = 0; i < scores.length; i++) {
          scores[i] = 1 / (1 + Math.exp(-scores[i]));
        }
      }
      double[] truth = all(held).numbers(target);
      values.add(
          Metrics.of(metric).value(new MetricInput(scores, 1, false, truth, null, Map.of())));
    }
    System.out.println(model + " linear " + metric + ": " + mean(values) + " " + values);
    return mean(values);
  }

  private static ColumnBatch all(Dataset rows) {
    return rows.read(Dataset.range(0, rows.size()));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
