package org.modelc.runtime.cuda;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.modelc.runtime.nativecode.DirectMemory;

/** The driver's library and its functions. */
final class Driver {
  /** The system property that names the driver's library, where it has not its usual name. */
  static final String PROPERTY = "modelc.cuda.library";

  private static final Map<String, Driver> OPEN = new HashMap<>();

  /** What {@code cuGetErrorName} needs: a pointer. */
  private static final int POINTER = Long.BYTES;

  private final DriverAccess calls;
  private final long[] functions;
  private final String library;

  private Driver(String library, DriverAccess calls, long[] functions) {
    this.library = library;
    this.calls = calls;
    this.functions = functions;
  }

  /** The name of the driver's library on this system. */
  static String library() {
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    return System.getProperty(PROPERTY, windows ? "nvcuda.dll" : "libcuda.so.1");
  }

  /**
   * The driver in a library, opened once in a process; null if there is no such library.
   *
   * @throws DriverException if it lacks a function
   */
  static synchronized Driver open(String library, DriverAccess calls) {
    String key = calls.name() + " " + library;
    Driver driver = OPEN.get(key);
    if (driver == null) {
      long[] functions = calls.functions(library, DriverFunction.symbols());
      // Where a program brings NVRTC along, something empty may have the library's name.
      if (functions == null || functions[DriverFunction.INIT.ordinal()] == 0) {
        return null;
      }
      driver = new Driver(library, calls, functions);
      driver.requireFunctions();
      OPEN.put(key, driver);
    }
    return driver;
  }

  private void requireFunctions() {
    for (DriverFunction function : DriverFunction.values()) {
      if (functions[function.ordinal()] == 0) {
        throw new DriverException(
            0,
            library + " has no function " + function.symbol(),
            "install " + PtxVersion.driver(DriverFunction.RELEASE) + " or newer");
      }
    }
  }

  /** Where a direct buffer's memory begins. */
  long address(Buffer memory) {
    return calls.address(memory);
  }

  /** A buffer over memory that the driver allocated. */
  ByteBuffer memory(long address, long bytes) {
    return calls.memory(address, bytes).order(java.nio.ByteOrder.nativeOrder());
  }

  /**
   * Calls a function with at most eleven arguments; gives the driver's number of the error, or 0.
   */
  int status(DriverFunction function, long... given) {
    long[] all = java.util.Arrays.copyOf(given, 11);
    return (int)
        calls.call(
            functions[function.ordinal()],
            all[0],
            all[1],
            all[2],
            all[3],
            all[4],
            all[5],
            all[6],
            all[7],
            all[8],
            all[9],
            all[10]);
  }

  /**
   * Calls a function.
   *
   * @throws DriverException if it fails
   */
  void call(DriverFunction function, long... arguments) {
    int status = status(function, arguments);
    if (status != 0) {
      throw new DriverException(status, function.symbol() + ": " + error(status), "");
    }
  }

  /** Calls a function that writes a handle where its first argument says, and gives that. */
  long handle(DriverFunction function, long... others) {
    ByteBuffer result = DirectMemory.allocate(POINTER);
    long[] arguments = new long[others.length + 1];
    arguments[0] = address(result);
    System.arraycopy(others, 0, arguments, 1, others.length);
    call(function, arguments);
    return result.getLong(0);
  }

  /** As {@link #handle}, of 32 bits. */
  int number(DriverFunction function, long... others) {
    // On a machine of little-endian order the lower half comes first, and DirectMemory is zero.
    return (int) handle(function, others);
  }

  /** The driver's name of an error: {@code CUDA_ERROR_OUT_OF_MEMORY (2)}. */
  String error(int status) {
    ByteBuffer result = DirectMemory.allocate(POINTER);
    boolean known = status(DriverFunction.GET_ERROR_NAME, status, address(result)) == 0;
    long name = known ? result.getLong(0) : 0;
    return (name == 0 ? "error" : string(memory(name, 256))) + " (" + status + ")";
  }

  /** The text up to a zero byte. */
  static String string(ByteBuffer bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bytes.capacity() && bytes.get(i) != 0; i++) {
      text.append((char) bytes.get(i));
    }
    return text.toString();
  }
}
