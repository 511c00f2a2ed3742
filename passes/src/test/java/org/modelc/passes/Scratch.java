package org.modelc.passes;

import java.util.List;
import java.util.Map;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.passes.memory.MemorySize;

class Scratch {
  public static void main(String[] args) {
    for (int i = 0; i < 3; i++) {
      long t = System.nanoTime();
      Graph g = SampleNets.step(args.length > 1 ? SampleNets.cnn(28, 16, 10, true) : SampleNets.mlp(784, 512, 256, 10), SampleNets.minimize(args[0], Map.of()));
      System.out.printf("build %.2f%n", (System.nanoTime() - t) / 1e6);
      int round = i;
      KernelProgram p = Pipeline.TRAINING.compile(g, Target.PLAIN, r -> { if (round == 0 || round == 2) System.out.println(r); }).get(0);
      if (i == 0) { System.out.println(p); System.out.println(MemorySize.text(p.plan().peakBytes())); System.out.println(p.plan().inPlace()); }
    }
  }
}
