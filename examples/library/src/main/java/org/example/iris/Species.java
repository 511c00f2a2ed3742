package org.example.iris;

/** Names irises by their measures. */
public final class Species {
  private static final Iris MODEL = Iris.load();

  private Species() {}

  /**
   * The most probable species.
   *
   * @param flower lengths and widths in centimetres
   */
  public static String of(Iris.Flower flower) {
    return MODEL.predict(flower).speciesName();
  }
}
