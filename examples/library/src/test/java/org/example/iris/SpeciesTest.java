package org.example.iris;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpeciesTest {
  /** The first rows of each species in Fisher's table. */
  private static final Iris.Flower SETOSA = new Iris.Flower(5.1, 3.5, 1.4, 0.2);

  private static final Iris.Flower VERSICOLOR = new Iris.Flower(7.0, 3.2, 4.7, 1.4);
  private static final Iris.Flower VIRGINICA = new Iris.Flower(6.3, 3.3, 6.0, 2.5);

  @Test
  void namesTheFirstFlowers() {
    assertEquals("setosa", Species.of(SETOSA));
    assertEquals("versicolor", Species.of(VERSICOLOR));
    assertEquals("virginica", Species.of(VIRGINICA));
  }

  @Test
  void batchesAgreeWithSingleRows() {
    Iris model = Iris.load();
    List<Iris.PredictResult> results = model.predictAll(List.of(SETOSA, VIRGINICA));
    assertEquals("setosa", results.get(0).speciesName());
    assertEquals("virginica", results.get(1).speciesName());
    assertTrue(results.get(0).probabilitiesByName().get("setosa") > 0.9f);
  }
}
