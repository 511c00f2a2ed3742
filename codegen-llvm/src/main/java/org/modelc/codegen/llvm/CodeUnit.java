package org.modelc.codegen.llvm;

/**
 * A module of LLVM IR that is compiled by itself.
 *
 * @param text whole but for what other units of the same library define
 * @param effort what LLVM shall do with it
 */
public record CodeUnit(String text, Effort effort) {
  /** How much there is to be gained by optimising. */
  public enum Effort {
    /** What each call of a program runs. */
    OFTEN,
    /** What a model runs once in its life. */
    ONCE
  }
}
