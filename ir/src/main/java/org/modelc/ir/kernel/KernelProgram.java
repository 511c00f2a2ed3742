package org.modelc.ir.kernel;

import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Bound;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * A program as kernels over buffers, in order.
 *
 * @param name the program's name
 * @param dims its dynamic dims, sorted
 * @param bounds checks at entry
 * @param parameters the caller's buffers
 * @param temporaries the buffers between kernels
 * @param aliases buffers that are other names for the same elements in the same order (reshapes):
 *     view → the buffer it stands for, itself no view
 * @param literals data of constants by buffer; the program's constant pool
 * @param kernels the kernels in order
 * @param plan where temporaries lie; null before memory planning
 */
public record KernelProgram(
    String name,
    List<String> dims,
    List<Bound> bounds,
    List<Parameter> parameters,
    List<Buffer> temporaries,
    Map<Buffer, Buffer> aliases,
    Map<Buffer, org.modelc.ir.op.Literal> literals,
    List<Kernel> kernels,
    MemoryPlan plan) {
  public KernelProgram {
    dims = List.copyOf(dims);
    bounds = List.copyOf(bounds);
    parameters = List.copyOf(parameters);
    temporaries = List.copyOf(temporaries);
    aliases = Map.copyOf(aliases);
    literals = Map.copyOf(literals);
    kernels = List.copyOf(kernels);
  }

  /**
   * A caller's buffer.
   *
   * @param name what the caller calls it, unique within its role; the buffer's name is unique in
   *     the program
   * @param updates the input whose new value this output holds, or null
   */
  public record Parameter(String name, Buffer buffer, Role role, String updates) {
    /** A parameter that the caller calls as the program does. */
    public Parameter(Buffer buffer, Role role, String updates) {
      this(buffer.name(), buffer, role, updates);
    }
  }

  /**
   * Slots and who lies in them.
   *
   * @param slots the arrays of the workspace
   * @param slotOf the slot's number by temporary
   * @param inPlace outputs that share the array of the input they update, by output buffer
   * @param peakBytes the slots' bytes, and no less
   */
  public record MemoryPlan(
      List<Slot> slots, Map<Buffer, Integer> slotOf, Map<Buffer, Buffer> inPlace, Dim peakBytes) {
    public MemoryPlan {
      slots = List.copyOf(slots);
      slotOf = Map.copyOf(slotOf);
      inPlace = Map.copyOf(inPlace);
    }
  }

  /** An array of the workspace: its type and the number of elements as a dim. */
  public record Slot(org.modelc.runtime.spec.DType dtype, Dim size) {}

  /** The buffer that owns the elements. */
  public Buffer storage(Buffer buffer) {
    return aliases.getOrDefault(buffer, buffer);
  }

  public KernelProgram withKernels(List<Kernel> newKernels, List<Buffer> newTemporaries) {
    return new KernelProgram(
        name, dims, bounds, parameters, newTemporaries, aliases, literals, newKernels, plan);
  }

  public KernelProgram withPlan(MemoryPlan newPlan) {
    return new KernelProgram(
        name, dims, bounds, parameters, temporaries, aliases, literals, kernels, newPlan);
  }

  @Override
  public String toString() {
    return KernelPrinter.print(this);
  }
}
