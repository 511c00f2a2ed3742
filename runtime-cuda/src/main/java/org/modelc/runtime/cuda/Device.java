package org.modelc.runtime.cuda;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.nativecode.DirectMemory;

/** A GPU with its primary context, which all models of a process share and which lives as long. */
final class Device {
  /** The system property that numbers the GPU to use, from 0. */
  static final String PROPERTY = "modelc.cuda.device";

  /** {@code CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR}; the minor one comes after it. */
  private static final int CAPABILITY = 75;

  private static final int NAME_BYTES = 256;
  private static final Map<Driver, Map<Integer, Device>> DEVICES = new HashMap<>();

  private final Driver driver;
  private final int number;
  private final String name;
  private final int architecture;
  private final long context;
  private volatile int lost;

  private Device(Driver driver, int number) {
    this.driver = driver;
    this.number = number;
    int handle = driver.number(DriverFunction.DEVICE_GET, number);
    ByteBuffer text = DirectMemory.allocate(NAME_BYTES);
    driver.call(DriverFunction.DEVICE_GET_NAME, driver.address(text), NAME_BYTES, handle);
    this.name = Driver.string(text);
    int major = driver.number(DriverFunction.DEVICE_GET_ATTRIBUTE, CAPABILITY, handle);
    int minor = driver.number(DriverFunction.DEVICE_GET_ATTRIBUTE, CAPABILITY + 1, handle);
    this.architecture = 10 * major + minor;
    this.context = driver.handle(DriverFunction.PRIMARY_CONTEXT_RETAIN, handle);
  }

  /**
   * A device of a driver, made ready once in a process.
   *
   * @throws DriverException if there is none of the number
   */
  static synchronized Device of(Driver driver, int number) {
    Map<Integer, Device> devices = DEVICES.computeIfAbsent(driver, any -> new HashMap<>());
    Device device = devices.get(number);
    if (device == null) {
      driver.call(DriverFunction.INIT, 0);
      int count = driver.number(DriverFunction.DEVICE_GET_COUNT);
      if (number < 0 || number >= count) {
        throw new DriverException(
            0,
            "the driver knows " + count + " GPUs, there is none of number " + number,
            count == 0 ? "nvidia-smi shows what the driver sees" : "-D" + PROPERTY + "=0");
      }
      device = new Device(driver, number);
      devices.put(number, device);
    }
    return device;
  }

  Driver driver() {
    return driver;
  }

  /** The compute capability × 10. */
  int architecture() {
    return architecture;
  }

  /** For messages: {@code GPU 0 (NVIDIA H100 80GB HBM3)}. */
  @Override
  public String toString() {
    return "GPU " + number + " (" + name + ")";
  }

  /**
   * Makes this thread's further calls go to the device.
   *
   * @throws DriverException if the device was lost
   */
  void enter() {
    requireAlive();
    check(DriverFunction.CONTEXT_SET_CURRENT, context);
  }

  private void requireAlive() {
    if (lost != 0) {
      throw new DriverException(
          lost,
          this + " was lost: " + driver.error(lost),
          "what lay on it is gone, and this process cannot use it any more: start another one, and go"
              + " on from the last checkpoint (--resume)");
    }
  }

  /**
   * Calls a function of the driver.
   *
   * @throws DriverException if it fails; from then on whatever is asked of a device that was lost
   */
  void check(DriverFunction function, long... arguments) {
    int status = driver.status(function, arguments);
    if (status != 0) {
      fail(function, status);
    }
  }

  /** Calls a function that writes a handle where its first argument says. */
  long handle(DriverFunction function, long... others) {
    try {
      return driver.handle(function, others);
    } catch (DriverException failed) {
      fail(function, failed.status());
      throw failed;
    }
  }

  private void fail(DriverFunction function, int status) {
    if (DriverException.isLost(status)) {
      lost = status;
      requireAlive();
    }
    throw new DriverException(
        status, this + ": " + function.symbol() + ": " + driver.error(status), "");
  }

  /** Gives something back; whoever cannot, since the device is gone, has nothing to give. */
  void release(DriverFunction function, long handle) {
    if (lost == 0 && driver.status(DriverFunction.CONTEXT_SET_CURRENT, context) == 0) {
      driver.status(function, handle);
    }
  }

  /**
   * Memory of the device.
   *
   * @throws DriverException of {@code OUT_OF_MEMORY}, if there is none even after a collection
   */
  Held allocate(long bytes) {
    return allocate(DriverFunction.MEMORY_ALLOCATE, DriverFunction.MEMORY_FREE, bytes);
  }

  /** Memory of this machine that the device reads and writes at full speed. */
  Held allocatePinned(long bytes) {
    return allocate(DriverFunction.HOST_ALLOCATE, DriverFunction.HOST_FREE, bytes);
  }

  private Held allocate(DriverFunction allocation, DriverFunction release, long bytes) {
    long room = Math.max(1, bytes);
    try {
      return new Held(this, driver.handle(allocation, room, 0), release);
    } catch (DriverException failed) {
      if (failed.status() != DriverException.OUT_OF_MEMORY) {
        fail(allocation, failed.status());
      }
    }
    Held.releaseUnreachable();
    // What it gave back may have been another device's.
    enter();
    return new Held(this, handle(allocation, room, 0), release);
  }

  /** Free bytes and all bytes, for messages. */
  String memory() {
    ByteBuffer sizes = DirectMemory.allocate(2 * Long.BYTES);
    long at = driver.address(sizes);
    int status = driver.status(DriverFunction.MEMORY_GET_INFO, at, at + Long.BYTES);
    return status != 0
        ? "free memory unknown"
        : sizes.getLong(0) + " of " + sizes.getLong(Long.BYTES) + " bytes are free";
  }

  /** Told to users who ask for more than there is. */
  static ModelcException tooLarge(DriverException cause, String message) {
    return new ModelcException(
        message,
        "call it with fewer rows at a time, train with a smaller batch, or end what else runs on the"
            + " GPU (nvidia-smi)",
        cause);
  }
}
