package org.modelc.runtime.cuda;

import java.util.List;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi;

/**
 * A model's programs as code of devices: {@code META-INF/modelc/<Model>-cuda.launches}.
 *
 * @param format the format's version, {@value #FORMAT} today; a higher one is refused
 * @param images the programs for kinds of devices, the oldest first
 */
public record CudaSpec(int format, List<Image> images) {
  /** The newest format that this module reads. */
  public static final int FORMAT = 1;

  public CudaSpec {
    images = List.copyOf(images);
  }

  /**
   * The programs for devices of an architecture and later ones.
   *
   * @param name what messages and checkpoints call it
   * @param architecture the least compute capability × 10
   * @param only the architectures that it is for; empty for all from the least on
   * @param resource the name of the PTX among the jar's resources
   * @param machineCode the same for single architectures, which no driver need compile
   */
  public record Image(
      String name,
      int architecture,
      List<Integer> only,
      String resource,
      List<MachineCode> machineCode,
      List<DeviceProgram> programs) {
    public Image {
      only = List.copyOf(only);
      machineCode = List.copyOf(machineCode);
      programs = List.copyOf(programs);
    }

    /**
     * The machine code that a device runs, or null: that of the highest architecture which has the
     * device's major number and no higher minor one. Source: CUDA C++ Programming Guide, "Binary
     * Compatibility".
     */
    MachineCode machineCodeFor(int device) {
      MachineCode best = null;
      for (MachineCode code : machineCode) {
        boolean runs = code.architecture() / 10 == device / 10 && code.architecture() <= device;
        boolean isNewer = best == null || code.architecture() > best.architecture();
        best = runs && isNewer ? code : best;
      }
      return best;
    }
  }

  /**
   * An image's programs as a cubin.
   *
   * @param architecture the compute capability × 10
   * @param resource its name among the jar's resources
   */
  public record MachineCode(int architecture, String resource) {}

  /**
   * A program.
   *
   * @param abi its buffers: those of role WORKSPACE lie in the launcher's arena
   * @param launches what runs, in order; each sees what those before it wrote
   */
  public record DeviceProgram(ProgramAbi abi, List<Kernel> launches) {
    public DeviceProgram {
      launches = List.copyOf(launches);
    }
  }

  /**
   * One kernel to start.
   *
   * @param grid blocks along x, y, z
   * @param block threads of a block, all along x
   * @param sharedBytes dynamic shared memory of a block
   * @param buffers the first arguments: addresses of these buffers of the ABI, by number
   * @param dims the arguments after them: values of these dims, 32 bits each
   */
  public record Kernel(
      String name,
      List<Blocks> grid,
      int block,
      int sharedBytes,
      List<Integer> buffers,
      List<String> dims) {
    public Kernel {
      grid = List.copyOf(grid);
      buffers = List.copyOf(buffers);
      dims = List.copyOf(dims);
    }
  }

  /** One block for every {@code per} of {@code count}, at least 1 and at most {@code most}. */
  public record Blocks(Dim count, int per, int most) {}
}
