package org.modelc.codegen.cuda;

/**
 * The device that code is made for. Whatever an emitter decides it reads here: the same input gives
 * the same bits on every build machine.
 *
 * @param architecture the compute capability × 10: 75 for sm_75, 90 for sm_90
 */
public record TargetDescription(int architecture) {
  /** The least that generated code runs on: Turing. */
  public static final int OLDEST = 75;

  /** What runs on every device that modelc supports. */
  public static final TargetDescription PORTABLE = new TargetDescription(OLDEST);

  public TargetDescription {
    if (architecture < OLDEST) {
      throw new IllegalArgumentException(
          "sm_" + architecture + " is older than sm_" + OLDEST + ", the oldest that is supported");
    }
  }
}
