package org.example.use;

import models.First;
import org.example.second.Second;

/** Uses the models of two other modules of the reactor. */
public final class Both {
  private Both() {}

  /** Prints both lines' values at 4, which are 9. */
  public static void main(String[] arguments) {
    System.out.println(Math.round(First.load().predict(First.X.builder().a(4).build()).y()));
    System.out.println(Math.round(Second.load().predict(Second.X.builder().a(4).build()).y()));
  }
}
