package examples;

import java.util.Locale;
import models.Digits;

/**
 * Recognises a digit with nothing but {@code Digits.jar} on the class path.
 *
 * <pre>
 * ./modelc train models/digits/digits.model
 * javac -cp build/Digits.jar -d build/examples examples/src/main/java/examples/RecognizeDigit.java
 * java -cp build/Digits.jar:build/examples examples.RecognizeDigit
 * </pre>
 */
public final class RecognizeDigit {
  /** A nine as a scanner saw it: 8 × 8 pixels, brightness 0 to 16, row by row. */
  private static final float[] NINE = {
    0, 0, 11, 12, 0, 0, 0, 0,
    0, 2, 16, 16, 16, 13, 0, 0,
    0, 3, 16, 12, 10, 14, 0, 0,
    0, 1, 16, 1, 12, 15, 0, 0,
    0, 0, 13, 16, 9, 15, 2, 0,
    0, 0, 0, 3, 0, 9, 11, 0,
    0, 0, 0, 0, 9, 15, 4, 0,
    0, 0, 9, 12, 13, 3, 0, 0
  };

  private RecognizeDigit() {}

  /** Prints the digit and how probable it is. */
  public static void main(String[] arguments) {
    Digits model = Digits.load();
    Digits.PredictResult result = model.predict(NINE);
    int digit = result.digit();
    System.out.printf(
        Locale.ROOT, "digit %d with probability %.3f%n", digit, result.probabilities()[digit]);
  }
}
