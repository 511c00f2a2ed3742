package org.modelc.passes;

import java.util.Set;

/**
 * What a backend can do, as far as passes ask.
 *
 * @param name the backend's name
 * @param claims names of composite ops that it has a template for and that are not expanded
 * @param unsafeMath whether rewrites may change a float result in more than the sign of a zero
 */
public record Target(String name, Set<String> claims, boolean unsafeMath) {
  /** A backend without templates for composites. */
  public static final Target PLAIN = new Target("plain", Set.of(), false);

  public Target {
    claims = Set.copyOf(claims);
  }
}
