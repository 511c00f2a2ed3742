package org.modelc.runtime.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Program;
import org.modelc.runtime.ProgramSet;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.nativecode.DirectMemory;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.workers.Cohort;

/** A model's programs on a device. */
final class CudaPrograms implements ProgramSet.Code {
  /** What {@link #backend} begins with. */
  static final String CUDA = "cuda";

  private final Device device;
  private final CudaModule module;
  private final CudaSpec.Image image;
  private final Map<String, CudaProgram> programs = new HashMap<>();

  CudaPrograms(CudaModule module, CudaSpec.Image image) {
    this.device = module.device();
    this.module = module;
    this.image = image;
  }

  @Override
  public synchronized CompiledProgram of(ProgramAbi abi) {
    CudaProgram program = programs.get(abi.name());
    if (program == null) {
      program = new CudaProgram(module, spec(abi.name()));
      programs.put(abi.name(), program);
    }
    return program;
  }

  private CudaSpec.DeviceProgram spec(String name) {
    for (CudaSpec.DeviceProgram program : image.programs()) {
      if (program.abi().name().equals(name)) {
        return program;
      }
    }
    throw new IllegalArgumentException("no program " + name);
  }

  @Override
  public List<ProgramAbi> abis(ModelManifest manifest) {
    List<ProgramAbi> abis = new ArrayList<>();
    for (CudaSpec.DeviceProgram program : image.programs()) {
      abis.add(program.abi());
    }
    return abis;
  }

  /** Sums in tensor cores may differ between architectures, so the image's is part of it. */
  @Override
  public String backend() {
    return CUDA + " " + image.name();
  }

  @Override
  public Tensor placed(Tensor tensor) {
    Object place = tensor.device();
    if (place instanceof DeviceTensor && ((DeviceTensor) place).isOn(device)) {
      return tensor;
    }
    long bytes = (long) tensor.size() * tensor.dtype().bytes();
    try {
      DeviceTensor memory = DeviceTensor.zeros(device, bytes);
      Tensor placed = new Tensor(tensor.dtype(), tensor.shape(), memory);
      DirectMemory.put(
          DirectMemory.view(memory.get(), tensor.dtype()), tensor.array(), tensor.size());
      return placed;
    } catch (DriverException failed) {
      if (failed.status() != DriverException.OUT_OF_MEMORY) {
        throw failed;
      }
      throw Device.tooLarge(
          failed,
          device
              + " has no room for a parameter of "
              + bytes
              + " bytes ("
              + tensor
              + "); "
              + device.memory());
    }
  }

  @Override
  public Frame frame(Program program, Map<String, Tensor> tensors, Cohort cohort) {
    return new CudaFrame(program, (CudaProgram) of(program.abi()), tensors);
  }
}
