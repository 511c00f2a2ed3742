package org.modelc.testkit.gpu;

/** How many blocks a grid has, or threads a block, along each axis. */
public record Extent(int x, int y, int z) {
  /** Along x alone. */
  public static Extent of(int x) {
    return new Extent(x, 1, 1);
  }

  /** Along x and y. */
  public static Extent of(int x, int y) {
    return new Extent(x, y, 1);
  }

  /** How many there are in all. */
  public long count() {
    return (long) x * y * z;
  }

  @Override
  public String toString() {
    return "(" + x + ", " + y + ", " + z + ")";
  }
}
