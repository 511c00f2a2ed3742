package org.modelc.passes.fuse;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.op.Literal;
import org.modelc.passes.KernelPass;
import org.modelc.passes.Stage;
import org.modelc.passes.Target;

/** Joins loop nests; the package's page says what and when. */
public final class Fuse implements KernelPass {
  @Override
  public String name() {
    return "fuse";
  }

  @Override
  public Set<Stage> requires() {
    return Set.of(Stage.LOWERED);
  }

  @Override
  public Set<Stage> establishes() {
    return Set.of(Stage.FUSED);
  }

  @Override
  public KernelProgram run(KernelProgram program, Target target) {
    Canonical canonical = new Canonical(program);
    List<Kernel> order = program.kernels().stream().map(canonical::of).toList();
    Kernels kernels = new Kernels(program, order);
    InlineProducers inline = new InlineProducers(kernels);
    MergeReaders merge = new MergeReaders(kernels);
    inline.run(InlineProducers.Values.MOVED);
    merge.run(MergeReaders.Readers.ONLY);
    boolean again = true;
    while (again) {
      again = inline.run(InlineProducers.Values.ALL);
      again |= merge.run(MergeReaders.Readers.ALL);
    }
    new ReuseCopies(kernels, inline).run();
    new MergeSiblings(kernels).run();
    new RecomputeStores(kernels, inline).run();
    return withoutUnused(program, kernels);
  }

  private static KernelProgram withoutUnused(KernelProgram program, Kernels kernels) {
    Set<Buffer> used = new HashSet<>();
    for (Kernel kernel : kernels.order()) {
      used.addAll(kernels.reads(kernel));
      used.addAll(kernels.writes(kernel));
    }
    List<Buffer> temporaries = program.temporaries().stream().filter(used::contains).toList();
    Map<Buffer, Literal> literals = new LinkedHashMap<>(program.literals());
    literals.keySet().retainAll(used);
    Map<Buffer, Buffer> aliases = new LinkedHashMap<>(program.aliases());
    aliases.values().retainAll(used);
    return new KernelProgram(
        program.name(),
        program.dims(),
        program.bounds(),
        program.parameters(),
        temporaries,
        aliases,
        literals,
        kernels.order(),
        program.plan());
  }
}
