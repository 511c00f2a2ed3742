package org.modelc.compiler.compress;

import java.util.List;
import java.util.Map;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.passes.compress.Storage;
import org.modelc.runtime.Tensor;

/**
 * What compression makes of a trained model.
 *
 * @param programs the inference programs over stored parameters
 * @param tensors the stored parameters by name
 * @param storages how parameters are stored that are no plain floats
 * @param parameters a line for each parameter
 * @param plain the same programs over the parameters as floats
 * @param values those parameters
 * @param rounded what stored parameters stand for, by name
 * @param warnings what stayed as it was, and why
 */
public record CompressedPrograms(
    List<Graph> programs,
    Map<String, Tensor> tensors,
    Map<String, Storage> storages,
    List<StoredParameter> parameters,
    List<Graph> plain,
    Map<String, Array> values,
    Map<String, Array> rounded,
    List<String> warnings) {}
