package org.modelc.testkit.ptx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.modelc.testkit.gpu.Argument;
import org.modelc.testkit.gpu.Launch;

/** Runs a module's kernels over buffers that it owns. */
public final class PtxMachine {
  private final PtxModule module;
  private final Memory memory = new Memory();
  private final List<Integer> buffers = new ArrayList<>();
  private final Map<String, Long> globals = new HashMap<>();
  private final Map<String, Kernel> kernels = new HashMap<>();

  /** A machine that has the module's variables in its memory. */
  public PtxMachine(PtxModule module) {
    this.module = module;
    for (PtxVariable variable : module.variables()) {
      if (!variable.space().equals("shared")) {
        byte[] contents =
            variable.contents() == null ? new byte[(int) variable.bytes()] : variable.contents();
        int number = memory.add(Region.holding(variable.name(), contents.clone(), true));
        globals.put(variable.name(), Memory.address(number));
      }
    }
  }

  /** Adds a buffer that holds bytes; returns its number for {@link Argument#buffer}. */
  public int buffer(byte[] contents) {
    buffers.add(memory.add(Region.holding("buffer " + buffers.size(), contents.clone(), true)));
    return buffers.size() - 1;
  }

  /** Adds a buffer that nothing may read before it is written; returns its number. */
  public int uninitialised(int bytes) {
    buffers.add(memory.add(Region.empty("buffer " + buffers.size(), bytes, true)));
    return buffers.size() - 1;
  }

  /** What a buffer holds; bytes that nothing wrote are zero. */
  public byte[] contents(int buffer) {
    return memory.buffer(buffers.get(buffer)).data().clone();
  }

  /**
   * Runs a kernel.
   *
   * @param seed of the order of blocks and warps, and of what registers hold that nothing has
   *     written; 0 is the order of their numbers, each warp to its next barrier
   * @return what it cost
   * @throws PtxFailure if it does what a kernel must not, or the launch does not fit it
   */
  public PtxCounts launch(Launch launch, long seed) {
    Kernel kernel = kernel(launch.kernel());
    if (launch.block().count() > kernel.function().maximumThreads()) {
      throw new PtxFailure(
          "kernel "
              + launch.kernel()
              + " has at most "
              + kernel.function().maximumThreads()
              + " threads a block, was launched with "
              + launch.block().count());
    }
    memory.forget();
    PtxCounts counts = new PtxCounts();
    Region parameters = Region.holding("the parameters", parameters(kernel, launch), false);
    long noise = new SplittableRandom(seed).nextLong();
    Block block = new Block(kernel, launch, memory, parameters, counts, noise);
    Random random = seed == 0 ? null : new Random(seed);
    for (long each : order(launch.grid().count(), random)) {
      block.run(each, random);
    }
    return counts;
  }

  private static List<Long> order(long count, Random random) {
    List<Long> result = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      result.add(i);
    }
    if (random != null) {
      Collections.shuffle(result, random);
    }
    return result;
  }

  private Kernel kernel(String name) {
    return kernels.computeIfAbsent(
        name, each -> new Kernel(module.function(each), globals, module.variables()));
  }

  private byte[] parameters(Kernel kernel, Launch launch) {
    List<PtxVariable> declared = kernel.function().parameters();
    if (declared.size() != launch.arguments().size()) {
      throw new PtxFailure(
          "kernel "
              + launch.kernel()
              + " takes "
              + declared.size()
              + " arguments, was given "
              + launch.arguments().size());
    }
    ByteBuffer result = ByteBuffer.allocate(kernel.parameterBytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < declared.size(); i++) {
      Argument argument = launch.arguments().get(i);
      if (argument.bytes().length != declared.get(i).bytes()) {
        throw new PtxFailure(
            "argument "
                + i
                + " of kernel "
                + launch.kernel()
                + " has "
                + declared.get(i).bytes()
                + " bytes, was given "
                + argument.bytes().length);
      }
      int at = kernel.parameter(declared.get(i));
      result.put(at, argument.bytes());
      for (Argument.Address address : argument.addresses()) {
        int number = buffers.get(address.buffer());
        result.putLong(at + address.at(), Memory.address(number) + address.offset());
      }
    }
    return result.array();
  }
}
