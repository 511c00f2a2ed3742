package org.modelc.testkit.ptx;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A piece of memory: bytes, which of them hold something, and who touched them. */
final class Region {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final byte UNDEFINED = 0;
  private static final byte DEFINED = 1;

  /** Between variables. */
  private static final byte OUTSIDE = 2;

  /** A copy into it has begun. */
  private static final byte IN_FLIGHT = 3;

  private final String name;
  private final byte[] data;
  private final byte[] state;

  /** Null where one thread alone can reach it. */
  private final AccessHistory history;

  private Region(String name, byte[] data, byte state, boolean watched) {
    this.name = name;
    this.data = data;
    this.state = new byte[data.length];
    this.history = watched ? new AccessHistory(data.length) : null;
    Arrays.fill(this.state, state);
  }

  /** Memory that holds something. */
  static Region holding(String name, byte[] data, boolean watched) {
    return new Region(name, data, DEFINED, watched);
  }

  /** Memory that nothing has written yet. */
  static Region empty(String name, int bytes, boolean watched) {
    return new Region(name, new byte[bytes], UNDEFINED, watched);
  }

  byte[] data() {
    return data;
  }

  int size() {
    return data.length;
  }

  /** Nothing written, no variables. */
  void clear() {
    Arrays.fill(state, OUTSIDE);
    forget();
  }

  /** A variable is here, undefined. */
  void declare(int at, int bytes) {
    Arrays.fill(state, at, at + bytes, UNDEFINED);
  }

  /** Accesses from now on do not race with those until now. */
  void forget() {
    if (history != null) {
      history.forget();
    }
  }

  /** Checks a read of a power of two of bytes and notes it. */
  void read(Warp warp, int lane, long at, int bytes, long stamp) {
    check(warp, lane, at, bytes, "reads");
    int first = (int) at;
    if (!isDefined(first, bytes)) {
      int missing = first;
      while (state[missing] == DEFINED) {
        missing++;
      }
      throw warp.failure(1 << lane, unreadable(missing));
    }
    long racing = history == null ? 0 : history.read(first, bytes, stamp);
    if (racing != 0) {
      throw race(warp, lane, "reads", first, bytes, racing);
    }
  }

  private boolean isDefined(int first, int bytes) {
    if (bytes >= 4) {
      boolean all = true;
      for (int i = first; i < first + bytes; i += 4) {
        all &= (int) INTS.get(state, i) == 0x01010101 * DEFINED;
      }
      return all;
    }
    return state[first] == DEFINED && state[first + bytes - 1] == DEFINED;
  }

  private PtxFailure race(Warp warp, int lane, String does, int at, int bytes, long other) {
    String where = bytes == 1 ? "byte " + at : "bytes " + at + " to " + (at + bytes - 1);
    return warp.failure(
        1 << lane,
        "race: "
            + does
            + " "
            + where
            + " of "
            + name
            + ", which "
            + AccessHistory.describe(other)
            + (does.equals("reads") ? " wrote" : " touched")
            + " with no barrier between");
  }

  private String unreadable(int at) {
    String where = "reads byte " + at + " of " + name;
    if (state[at] == IN_FLIGHT) {
      return where + " before the wait for its cp.async";
    }
    return state[at] == OUTSIDE
        ? "out of bounds: " + where + ", which is no variable's"
        : where + ", which nothing has written (uninitialised)";
  }

  /** Checks a write of a value's lower bytes, notes it and does it. */
  void write(Warp warp, int lane, long at, int bytes, long value, long stamp) {
    check(warp, lane, at, bytes, "writes");
    int first = (int) at;
    int changes = 0;
    for (int i = 0; i < bytes; i++) {
      byte part = (byte) (value >>> 8 * i);
      changes |= data[first + i] != part || state[first + i] != DEFINED ? 1 << i : 0;
      data[first + i] = part;
    }
    note(warp, lane, first, bytes, stamp, changes);
    Arrays.fill(state, first, first + bytes, DEFINED);
  }

  private void note(Warp warp, int lane, int at, int bytes, long stamp, int changes) {
    for (int i = at; i < at + bytes; i++) {
      if (state[i] == OUTSIDE) {
        throw warp.failure(
            1 << lane, "out of bounds: writes byte " + i + " of " + name + ", no variable's");
      }
      if (state[i] == IN_FLIGHT) {
        throw warp.failure(1 << lane, "writes byte " + i + " of " + name + " during a cp.async");
      }
    }
    long racing = history == null ? 0 : history.write(at, bytes, stamp, changes);
    if (racing != 0) {
      throw race(warp, lane, "writes", at, bytes, racing);
    }
  }

  /** A copy begins that may write from now on. */
  void beginCopy(Warp warp, int lane, long at, int bytes, long stamp) {
    check(warp, lane, at, bytes, "copies");
    note(warp, lane, (int) at, bytes, stamp, -1);
    Arrays.fill(state, (int) at, (int) at + bytes, IN_FLIGHT);
  }

  /** What a copy brings is there: bytes of another region, and zeros. */
  void endCopy(int at, int size, Region from, int place, int bytes, long stamp) {
    System.arraycopy(from.data, place, data, at, bytes);
    Arrays.fill(data, at + bytes, at + size, (byte) 0);
    Arrays.fill(state, at, at + size, DEFINED);
    history.write(at, size, stamp, 0);
  }

  /** Fails where an access leaves the memory or is not aligned to its size. */
  private void check(Warp warp, int lane, long at, int bytes, String does) {
    if (at < 0 || at + bytes > data.length) {
      throw warp.failure(
          1 << lane,
          "out of bounds: "
              + does
              + " "
              + bytes
              + " bytes at byte "
              + at
              + " of "
              + name
              + ", which has "
              + data.length);
    }
    if ((at & bytes - 1) != 0) {
      throw warp.failure(
          1 << lane, "misaligned: " + does + " " + bytes + " bytes at byte " + at + " of " + name);
    }
  }

  /** Bytes as a number, lowest first. */
  long value(int at, int bytes) {
    return switch (bytes) {
      case 8 -> (long) LONGS.get(data, at);
      case 4 -> (int) INTS.get(data, at) & 0xffffffffL;
      case 2 -> data[at] & 0xffL | (data[at + 1] & 0xffL) << 8;
      default -> data[at] & 0xffL;
    };
  }
}
