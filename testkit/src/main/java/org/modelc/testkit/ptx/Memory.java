package org.modelc.testkit.ptx;

import java.util.ArrayList;
import java.util.List;

/**
 * The address spaces of a device (PTX ISA, "State Spaces"). Each buffer has a range of generic
 * addresses far from all others', so that no access beyond one falls into another.
 */
final class Memory {
  /** Where shared memory begins among generic addresses. */
  static final long SHARED_WINDOW = 1L << 56;

  /** Where local memory begins among generic addresses. */
  static final long LOCAL_WINDOW = 1L << 57;

  private static final int BUFFER_BITS = 36;

  /** A space that an instruction names. */
  enum Space {
    GENERIC,
    GLOBAL,
    SHARED,
    LOCAL,
    PARAM
  }

  private final List<Region> buffers = new ArrayList<>();

  /** Adds a buffer; returns its number. */
  int add(Region buffer) {
    buffers.add(buffer);
    return buffers.size() - 1;
  }

  static long address(int buffer) {
    return buffer + 1L << BUFFER_BITS;
  }

  Region buffer(int number) {
    return buffers.get(number);
  }

  int count() {
    return buffers.size();
  }

  void forget() {
    buffers.forEach(Region::forget);
  }

  /** The space that an address is of. */
  static Space space(Space named, long address) {
    if (named != Space.GENERIC) {
      return named;
    }
    if ((address & LOCAL_WINDOW) != 0) {
      return Space.LOCAL;
    }
    return (address & SHARED_WINDOW) != 0 ? Space.SHARED : Space.GLOBAL;
  }

  /** What an address points into. */
  Region region(Warp warp, int lane, Space space, long address) {
    return switch (space) {
      case GLOBAL, GENERIC -> global(warp, lane, address);
      case SHARED -> warp.block.shared();
      case LOCAL -> warp.block.local(warp.number * Warp.LANES + lane);
      case PARAM -> warp.block.parameters();
    };
  }

  private Region global(Warp warp, int lane, long address) {
    long number = (address >>> BUFFER_BITS) - 1;
    if (number < 0 || number >= buffers.size()) {
      throw warp.failure(
          1 << lane, String.format("out of bounds: no buffer is at address 0x%x", address));
    }
    return buffers.get((int) number);
  }

  /** An address's distance from its region's start. */
  static long offset(Space space, long address) {
    return switch (space) {
      case GLOBAL, GENERIC -> address & (1L << BUFFER_BITS) - 1;
      case SHARED -> (address & ~SHARED_WINDOW) << 32 >> 32;
      case LOCAL -> (address & ~LOCAL_WINDOW) << 32 >> 32;
      case PARAM -> address;
    };
  }
}
