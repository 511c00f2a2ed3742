package org.modelc.testkit.ptx;

import java.util.List;
import java.util.Map;

/**
 * A kernel.
 *
 * @param registers types of its registers by name
 * @param variables its shared and local variables
 * @param labels the number of the instruction that each stands before
 * @param maximumThreads the product of .maxntid, or 1024
 */
record PtxFunction(
    String name,
    List<PtxVariable> parameters,
    Map<String, PtxType> registers,
    List<PtxVariable> variables,
    List<PtxInstruction> instructions,
    Map<String, Integer> labels,
    int maximumThreads) {}
