package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.KernelProgram.MemoryPlan;
import org.modelc.ir.kernel.KernelProgram.Parameter;
import org.modelc.ir.kernel.KernelProgram.Slot;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Programs as an instruction-set level runs them: weights are packed for its vectors by the {@code
 * prepare} programs, which are added where there was nothing to prepare before.
 */
public final class PackedPrograms {
  private static final String PREPARE = ".prepare";

  private PackedPrograms() {}

  /** The programs in order; a {@code prepare} program stands before what it prepares. */
  public static List<KernelProgram> of(List<KernelProgram> programs, TargetDescription target) {
    Map<String, KernelProgram> result = new LinkedHashMap<>();
    for (KernelProgram program : programs) {
      PackedWeights.Split split = PackedWeights.of(program, target);
      if (split != null) {
        String name = program.name() + PREPARE;
        result.put(name, preparing(name, split, result.get(name)));
      }
      result.put(program.name(), split == null ? program : split.main());
    }
    return List.copyOf(result.values());
  }

  /**
   * @param given the program that prepares what is not packed; null if there is none
   */
  private static KernelProgram preparing(
      String name, PackedWeights.Split split, KernelProgram given) {
    List<Parameter> parameters = new ArrayList<>();
    List<Buffer> temporaries = new ArrayList<>();
    if (given != null) {
      parameters.addAll(given.parameters());
      temporaries.addAll(given.temporaries());
    }
    Map<String, Buffer> sources = new HashMap<>();
    for (Parameter source : split.sources()) {
      sources.put(source.buffer().name(), source(source, parameters));
    }
    Set<Buffer> inner = innerOutputs(split, parameters);
    parameters.removeIf(parameter -> inner.contains(parameter.buffer()));
    temporaries.addAll(inner);
    for (Parameter panels : split.panels()) {
      parameters.add(new Parameter(panels.name(), panels.buffer(), Role.OUTPUT, null));
    }
    List<Kernel> kernels = new ArrayList<>(given == null ? List.of() : given.kernels());
    split.packing().forEach(nest -> kernels.add(reading(nest, sources)));
    return new KernelProgram(
        name,
        given == null ? List.of() : given.dims(),
        given == null ? List.of() : given.bounds(),
        parameters,
        temporaries,
        given == null ? Map.of() : given.aliases(),
        given == null ? Map.of() : given.literals(),
        kernels,
        given == null || given.plan() == null ? null : plan(given.plan(), inner));
  }

  /** Where the program finds what is packed: a result of its own, or a parameter. */
  private static Buffer source(Parameter source, List<Parameter> parameters) {
    Role role = source.role() == Role.CONSTANT ? Role.OUTPUT : source.role();
    for (Parameter parameter : parameters) {
      if (parameter.role() == role && parameter.name().equals(source.name())) {
        return parameter.buffer();
      }
    }
    Buffer buffer = source.buffer();
    Buffer added = new Buffer("unpacked." + buffer.name(), buffer.dtype(), buffer.shape());
    parameters.add(new Parameter(source.name(), added, source.role(), null));
    return added;
  }

  /** Results that nothing but the packing reads. */
  private static Set<Buffer> innerOutputs(PackedWeights.Split split, List<Parameter> parameters) {
    Set<String> read =
        split.main().parameters().stream().map(Parameter::name).collect(Collectors.toSet());
    return parameters.stream()
        .filter(each -> each.role() == Role.OUTPUT && !read.contains(each.name()))
        .map(Parameter::buffer)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static MemoryPlan plan(MemoryPlan given, Set<Buffer> added) {
    List<Slot> slots = new ArrayList<>(given.slots());
    Map<Buffer, Integer> slotOf = new HashMap<>(given.slotOf());
    Dim bytes = given.peakBytes();
    for (Buffer buffer : added) {
      slotOf.put(buffer, slots.size());
      slots.add(new Slot(buffer.dtype(), buffer.size()));
      bytes = bytes.plus(buffer.size().times(buffer.dtype().bytes()));
    }
    return new MemoryPlan(slots, slotOf, given.inPlace(), bytes);
  }

  /** A packing kernel over this program's names of what is packed. */
  private static LoopNest reading(LoopNest nest, Map<String, Buffer> sources) {
    List<LoopNest.Store> stores = new ArrayList<>();
    for (LoopNest.Store store : nest.stores()) {
      Expr value = reading(store.value(), sources);
      stores.add(new LoopNest.Store(store.buffer(), store.index(), value));
    }
    List<LoopNest.Reduction> reductions = new ArrayList<>();
    for (LoopNest.Reduction each : nest.reductions()) {
      Expr body = reading(each.body(), sources);
      reductions.add(new LoopNest.Reduction(each.combiner(), each.initial(), body));
    }
    return new LoopNest(
        nest.name(), nest.parallel(), nest.reduce(), reductions, stores, nest.origin());
  }

  private static Expr reading(Expr value, Map<String, Buffer> sources) {
    return ExprWalk.rewrite(
        value,
        expr ->
            expr instanceof Expr.Load load
                ? new Expr.Load(renamed(load.buffer(), sources), load.index())
                : expr);
  }

  private static Buffer renamed(Buffer buffer, Map<String, Buffer> sources) {
    return new Buffer(sources.get(buffer.name()).name(), buffer.dtype(), buffer.shape());
  }
}
