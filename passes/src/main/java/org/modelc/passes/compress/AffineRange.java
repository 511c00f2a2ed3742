package org.modelc.passes.compress;

/**
 * What eight bits stand for: {@code scale × (q − zeroPoint)}, q from -128 to 127.
 *
 * @param scale of one step, finite and above 0
 * @param zeroPoint the integer that stands for 0, exactly
 */
public record AffineRange(float scale, int zeroPoint) {
  /** How many integers there are. */
  public static final int LEVELS = 256;

  private static final int LOW = -128;
  private static final int STEPS = 255;

  public AffineRange {
    if (!(scale > 0) || Float.isInfinite(scale)) {
      throw new IllegalArgumentException("a scale of " + scale);
    }
  }

  /**
   * The finest steps that reach from one number to another, 0 among them.
   *
   * @throws IllegalArgumentException if the two are 0, or no finite numbers
   */
  public static AffineRange between(double least, double greatest) {
    double low = Math.min(0, least);
    double high = Math.max(0, greatest);
    float scale = (float) ((high - low) / STEPS);
    long zero = Math.round(LOW - low / scale);
    return new AffineRange(scale, (int) Math.max(LOW, Math.min(LOW + STEPS, zero)));
  }

  /** The least number that eight bits stand for. */
  public double lowest() {
    return (double) scale * (LOW - zeroPoint);
  }

  /** The greatest number that eight bits stand for. */
  public double highest() {
    return (double) scale * (LOW + STEPS - zeroPoint);
  }

  /** Which of the integers, counted from 0, stands for a number. */
  public int level(double value) {
    double q = Math.rint(value / scale) + zeroPoint - LOW;
    return (int) Math.max(0, Math.min(STEPS, q));
  }

  /** The nearest number that eight bits stand for. */
  public double nearest(double value) {
    double q = Math.rint(value / scale) + zeroPoint;
    return scale * (Math.max(LOW, Math.min(LOW + STEPS, q)) - zeroPoint);
  }
}
