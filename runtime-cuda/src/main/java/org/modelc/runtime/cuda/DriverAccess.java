package org.modelc.runtime.cuda;

import java.nio.Buffer;
import java.nio.ByteBuffer;

/**
 * How functions of a native library are called. They all take integers and addresses, which go in
 * 64-bit slots on x86-64 and AArch64, and callers clear the stack, so that arguments too many do no
 * harm: one call of eleven slots serves each.
 */
interface DriverAccess {
  /**
   * The system property that says how: {@code jni} takes our own library where there is a choice.
   */
  String PROPERTY = "modelc.cuda.calls";

  /** The value of {@value #PROPERTY} for our own library. */
  String JNI = "jni";

  /** What it is called. */
  String name();

  /**
   * Opens a library and finds functions.
   *
   * @return their addresses, 0 for each that it lacks; null if there is no such library
   */
  long[] functions(String library, String... names);

  /** Where a direct buffer's memory begins. */
  long address(Buffer buffer);

  /** A buffer over memory that somebody else frees. */
  ByteBuffer memory(long address, long bytes);

  /** Calls a function with eleven arguments or fewer; gives what it leaves in 64 bits. */
  long call(
      long function,
      long a,
      long b,
      long c,
      long d,
      long e,
      long f,
      long g,
      long h,
      long i,
      long j,
      long k);
}
