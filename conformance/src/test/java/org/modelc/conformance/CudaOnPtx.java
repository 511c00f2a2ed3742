package org.modelc.conformance;

import java.util.ArrayList;
import java.util.List;
import org.modelc.testkit.gpu.Launch;
import org.modelc.testkit.ptx.PtxCounts;
import org.modelc.testkit.ptx.PtxMachine;
import org.modelc.testkit.ptx.PtxModule;

/**
 * Interprets PTX.
 *
 * @param seed of the order of blocks and warps
 * @param costs what each launch cost is added here
 */
record CudaOnPtx(PtxModule module, long seed, List<PtxCounts> costs) implements CudaRun.Device {
  CudaOnPtx(PtxModule module, long seed) {
    this(module, seed, new ArrayList<>());
  }

  @Override
  public List<byte[]> run(List<byte[]> memory, List<Launch> launches) {
    PtxMachine machine = new PtxMachine(module);
    memory.forEach(machine::buffer);
    for (Launch launch : launches) {
      costs.add(machine.launch(launch, seed));
    }
    List<byte[]> after = new ArrayList<>();
    for (int i = 0; i < memory.size(); i++) {
      after.add(machine.contents(i));
    }
    return after;
  }
}
