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

  /** Checks a read and notes it. */
  void read(Warp warp, int lane, long at, int bytes, long stamp) {
    check(warp, lane, at, bytes, "reads");
    int first = (int) at;
    for (int i = first; i < first + bytes; i++) {
      if (state[i] != DEFINED) {
        throw warp.failure(1 << lane, unreadable(i));
      }
      long racing = history == null ? 0 : history.read(i, stamp);
      if (racing != 0) {
        throw warp.failure(
            1 << lane,
            "race: reads byte "
                + i
                + " of "
                + name
                + " that "
                + AccessHistory.describe(racing)
                + " writes with no barrier between");
      }
    }
  }

  private String unreadable(int at) {
    return switch (state[at]) {
      case IN_FLIGHT -> "reads byte " + at + " of " + name + " before the wait for its cp.async";
      case OUTSIDE ->
          "out of bounds: reads byte " + at + " of " + name + ", which is no variable's";
      default -> "reads byte " + at + " of " + name + ", which nothing has written (uninitialised)";
    };
  }

  /** Checks a write of a value's lower bytes, notes it and does it. */
  void write(Warp warp, int lane, long at, int bytes, long value, long stamp) {
    check(warp, lane, at, bytes, "writes");
    int first = (int) at;
    for (int i = 0; i < bytes; i++) {
      byte part = (byte) (value >>> 8 * i);
      note(warp, lane, first + i, stamp, data[first + i] != part);
      data[first + i] = part;
      state[first + i] = DEFINED;
    }
  }

  private void note(Warp warp, int lane, int at, long stamp, boolean changes) {
    if (state[at] == OUTSIDE) {
      throw warp.failure(
          1 << lane, "out of bounds: writes byte " + at + " of " + name + ", no variable's");
    }
    if (state[at] == IN_FLIGHT) {
      throw warp.failure(1 << lane, "writes byte " + at + " of " + name + " during a cp.async");
    }
    long racing = history == null ? 0 : history.write(at, stamp, changes || state[at] != DEFINED);
    if (racing != 0) {
      throw warp.failure(
          1 << lane,
          "race: writes byte "
              + at
              + " of "
              + name
              + " that "
              + AccessHistory.describe(racing)
              + " touches with no barrier between");
    }
  }

  /** A copy begins that may write from now on. */
  void beginCopy(Warp warp, int lane, long at, int bytes, long stamp) {
    check(warp, lane, at, bytes, "copies");
    for (int i = (int) at; i < at + bytes; i++) {
      note(warp, lane, i, stamp, true);
      state[i] = IN_FLIGHT;
    }
  }

  /** What a copy brings is there. */
  void endCopy(Warp warp, int lane, int at, byte[] bytes, long stamp) {
    for (int i = 0; i < bytes.length; i++) {
      state[at + i] = DEFINED;
      data[at + i] = bytes[i];
      history.write(at + i, stamp, false);
    }
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
