package org.example;

import models.First;

/** Uses the model as any class. */
public final class Use {
  private Use() {}

  /** Prints the line's value at 4, which is 9. */
  public static void main(String[] arguments) {
    System.out.println(Math.round(First.load().predict(First.X.builder().a(4).build()).y()));
  }
}
