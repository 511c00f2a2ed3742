package org.modelc.runtime;

import java.util.ArrayList;
import java.util.List;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** A compiled program with its contract, prepared for calls; immutable. */
public final class Program {
  private final ProgramAbi abi;
  private final CompiledProgram compiled;
  private final DimFormula[] sizes;
  private final DimFormula[] bounds;
  private final DimFormula work;
  private final int[] inputs;

  public Program(ProgramAbi abi, CompiledProgram compiled) {
    this.abi = abi;
    this.compiled = compiled;
    this.sizes = new DimFormula[abi.buffers().size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = DimFormula.of(abi.buffers().get(i).size(), abi.dims());
    }
    this.bounds = new DimFormula[abi.bounds().size()];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = DimFormula.of(abi.bounds().get(i).dim(), abi.dims());
    }
    this.work = DimFormula.of(abi.work() == null ? Dim.ZERO : abi.work(), abi.dims());
    this.inputs = positions(Role.INPUT);
  }

  /** The positions of the buffers of a role, in order. */
  public int[] positions(Role role) {
    List<ProgramAbi.Buffer> buffers = abi.buffers();
    int count = 0;
    int[] positions = new int[buffers.size()];
    for (int i = 0; i < buffers.size(); i++) {
      if (buffers.get(i).role() == role) {
        positions[count++] = i;
      }
    }
    return java.util.Arrays.copyOf(positions, count);
  }

  /**
   * The position of a named buffer that the caller gives or gets.
   *
   * @throws ModelcException with the nearest name, if there is none
   */
  public int position(String name) {
    int position = find(name);
    if (position < 0) {
      List<String> names = new ArrayList<>();
      for (ProgramAbi.Buffer buffer : abi.buffers()) {
        if (buffer.role() != Role.WORKSPACE) {
          names.add(buffer.name());
        }
      }
      throw new ModelcException(
          "program `" + abi.name() + "` has no buffer `" + name + "`",
          NearestName.hint(name, names));
    }
    return position;
  }

  /** The position of a named buffer, or -1. */
  public int find(String name) {
    List<ProgramAbi.Buffer> buffers = abi.buffers();
    for (int i = 0; i < buffers.size(); i++) {
      if (buffers.get(i).role() != Role.WORKSPACE && buffers.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** How this program is called. */
  public ProgramAbi abi() {
    return abi;
  }

  CompiledProgram compiled() {
    return compiled;
  }

  int[] inputs() {
    return inputs;
  }

  DimFormula size(int buffer) {
    return sizes[buffer];
  }

  DimFormula bound(int index) {
    return bounds[index];
  }

  /** Multiply-adds of a call. */
  long work(int[] dims) {
    return work.evaluate(dims);
  }
}
