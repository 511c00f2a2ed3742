package org.modelc.benchmarks;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The machine's peak: fused multiply-adds on registers, twelve chains of the widest vectors, so
 * that neither memory nor latency holds them up. Needs {@code --add-modules jdk.incubator.vector};
 * nothing that is measured against it does.
 */
public final class FmaPeak {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int CHAINS = 12;

  /** Keeps the results, so that the work is done. */
  private final float[] sink = new float[SPECIES.length()];

  /** Floating operations of a call: two a lane. */
  public static double operations(int turns) {
    return 2.0 * CHAINS * SPECIES.length() * turns;
  }

  /** Runs the chains. */
  public void run(int turns) {
    FloatVector factor = FloatVector.broadcast(SPECIES, 0.999f);
    FloatVector term = FloatVector.broadcast(SPECIES, 1e-3f);
    FloatVector a = FloatVector.broadcast(SPECIES, 1);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    FloatVector e = a;
    FloatVector f = a;
    FloatVector g = a;
    FloatVector h = a;
    FloatVector i = a;
    FloatVector j = a;
    FloatVector k = a;
    FloatVector l = a;
    for (int turn = 0; turn < turns; turn++) {
      a = a.fma(factor, term);
      b = b.fma(factor, term);
      c = c.fma(factor, term);
      d = d.fma(factor, term);
      e = e.fma(factor, term);
      f = f.fma(factor, term);
      g = g.fma(factor, term);
      h = h.fma(factor, term);
      i = i.fma(factor, term);
      j = j.fma(factor, term);
      k = k.fma(factor, term);
      l = l.fma(factor, term);
    }
    FloatVector half = a.add(b).add(c).add(d).add(e).add(f);
    half.add(g).add(h).add(i).add(j).add(k).add(l).intoArray(sink, 0);
  }
}
