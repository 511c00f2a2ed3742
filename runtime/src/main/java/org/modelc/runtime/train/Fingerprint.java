package org.modelc.runtime.train;

import java.nio.charset.StandardCharsets;
import org.modelc.runtime.Safetensors;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.SpecCodec;

/** Short texts that differ when a training's ingredients differ. */
final class Fingerprint {
  private static final int SAMPLES = 64;

  private Fingerprint() {}

  /** Of the recipe, the programs' contracts and whatever else the plan names. */
  static String ofRecipe(TrainingPlan plan) {
    StringBuilder text = new StringBuilder(plan.fingerprint());
    text.append(SpecCodec.write(plan.manifest().recipe()));
    for (org.modelc.runtime.spec.ProgramAbi abi : plan.abis()) {
      text.append(abi.name()).append(abi.dims()).append(abi.buffers());
    }
    return crc(text);
  }

  /** Of training and validation rows: their number, columns, and the contents of some of them. */
  static String ofData(Examples train, Examples validation, Dataset data) {
    StringBuilder text = new StringBuilder();
    for (Column column : data.columns()) {
      text.append(column).append('\n');
    }
    append(text, train);
    if (validation != null) {
      append(text, validation);
    }
    return crc(text);
  }

  private static void append(StringBuilder text, Examples examples) {
    int count = Math.min(SAMPLES, examples.size());
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = (int) ((long) i * (examples.size() - 1) / Math.max(1, count - 1));
    }
    Object[] arrays = examples.newArrays(count);
    examples.read(rows, arrays);
    text.append(examples.size());
    for (int i = 0; i < arrays.length; i++) {
      DType dtype = examples.inputs().get(i).dtype();
      int size = count * examples.inputs().get(i).rowSize();
      text.append(' ').append(new Tensor(dtype, java.util.List.of(size), arrays[i]).checksum());
    }
  }

  private static String crc(StringBuilder text) {
    return Safetensors.crc32(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
