package org.modelc.conformance.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A model that a hundred rows teach in a second. */
final class LineModel {
  static final String TEXT =
      """
      model Line() {
          input x = columns("x_*") as f32[2]
          fn z(x: f32[B, 2]) -> f32[B] = x |> dense(1) |> reshape([B])
          export fn predict(x: f32[B, 2]) -> (y: f32[B]) = (y: z(x))
          fn loss(x: f32[B, 2], target: f32[B]) -> f32[B] = squared_error(z(x), target)
      }

      data rows {
          rows = csv("rows.csv")
          split 80% / 0% / 20% seed 3
      }

      train Line on rows {
          minimize loss with adam(1e-1)
          batch 16
          epochs 60
          seed 5
          measure mae(predict.y, target)
          require mae <= 0.05
      }
      """;

  private LineModel() {}

  /** Writes the rows that it learns from. */
  static void writeRows(Path folder) throws IOException {
    StringBuilder rows = new StringBuilder("x_1,x_2,target\n");
    for (int i = 0; i < 100; i++) {
      float a = i % 10 / 10f;
      int row = i / 10;
      float b = row / 10f;
      rows.append(a).append(',').append(b).append(',').append(2 * a - b + 1).append('\n');
    }
    Files.writeString(folder.resolve("rows.csv"), rows);
  }
}
