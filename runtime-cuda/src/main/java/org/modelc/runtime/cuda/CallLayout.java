package org.modelc.runtime.cuda;

import java.util.List;
import org.modelc.runtime.spec.ProgramAbi.Buffer;

/**
 * Where a program's own buffers lie in its arena for some dims: first what the host gives, then
 * what it gets, then the rest. Each of the first two goes over in one copy.
 */
final class CallLayout {
  /** What the driver aligns its own allocations to, and kernels may count on. */
  static final int ALIGNMENT = 256;

  private final long[] offsets;
  private final long given;
  private final long results;
  private final long bytes;

  /** Which part of the arena a buffer lies in. */
  enum Part {
    GIVEN,
    RESULT,
    WORK,
    /** A tensor of the model, which has memory of its own. */
    ELSEWHERE
  }

  /**
   * @param parts by buffer
   * @param sizes elements by buffer
   */
  CallLayout(List<Buffer> buffers, Part[] parts, int[] sizes) {
    this.offsets = new long[parts.length];
    this.given = place(buffers, parts, sizes, Part.GIVEN, 0);
    this.results = place(buffers, parts, sizes, Part.RESULT, given);
    this.bytes = place(buffers, parts, sizes, Part.WORK, results);
  }

  private long place(List<Buffer> buffers, Part[] parts, int[] sizes, Part part, long from) {
    long at = from;
    for (int i = 0; i < parts.length; i++) {
      if (parts[i] == part) {
        offsets[i] = at;
        long size = (long) sizes[i] * buffers.get(i).dtype().bytes();
        at += (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      }
    }
    return at;
  }

  /** Where a buffer of the arena begins. */
  long offset(int buffer) {
    return offsets[buffer];
  }

  /** Bytes that the host gives, from the arena's begin. */
  long givenBytes() {
    return given;
  }

  /** Bytes that the host gets, behind what it gives. */
  long resultBytes() {
    return results - given;
  }

  /** Bytes that the host has a copy of. */
  long sharedBytes() {
    return results;
  }

  /** Bytes of the arena. */
  long bytes() {
    return bytes;
  }
}
