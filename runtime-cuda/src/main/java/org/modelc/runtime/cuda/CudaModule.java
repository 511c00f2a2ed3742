package org.modelc.runtime.cuda;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.modelc.runtime.nativecode.DirectMemory;

/** An image that the driver has loaded onto a device, compiled first if it is PTX. */
final class CudaModule {
  /** {@code CU_JIT_ERROR_LOG_BUFFER}; its size in bytes is the next option. */
  private static final int ERROR_LOG = 5;

  private static final int LOG_BYTES = 4096;

  /** {@code CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES}. */
  private static final int MOST_SHARED = 8;

  /** Dynamic shared memory that a kernel may take without asking. */
  private static final int FREE_SHARED = 48 << 10;

  private final Device device;
  private final Held module;

  /**
   * Gives code to the driver.
   *
   * @param what it is, for messages
   * @param image PTX or machine code
   * @throws DriverException with the driver's log, if it does not take it
   */
  CudaModule(Device device, String what, byte[] image) {
    this.device = device;
    Driver driver = device.driver();
    device.enter();
    // PTX ends with a zero; the header of machine code tells its length.
    ByteBuffer code = DirectMemory.allocate(image.length + 1).put(0, image);
    ByteBuffer log = DirectMemory.allocate(LOG_BYTES);
    ByteBuffer options = DirectMemory.allocate(2 * Integer.BYTES);
    options.putInt(0, ERROR_LOG).putInt(Integer.BYTES, ERROR_LOG + 1);
    ByteBuffer values = DirectMemory.allocate(2 * Long.BYTES);
    values.putLong(0, driver.address(log)).putLong(Long.BYTES, LOG_BYTES);
    ByteBuffer result = DirectMemory.allocate(Long.BYTES);
    int status =
        driver.status(
            DriverFunction.MODULE_LOAD_DATA,
            driver.address(result),
            driver.address(code),
            2,
            driver.address(options),
            driver.address(values));
    if (status != 0) {
      throw new DriverException(
          status,
          "the driver does not take the " + what + ": " + driver.error(status) + said(log),
          "install a newer NVIDIA driver");
    }
    this.module = new Held(device, result.getLong(0), DriverFunction.MODULE_UNLOAD);
  }

  private static String said(ByteBuffer log) {
    String text = Driver.string(log).strip();
    return text.isEmpty() ? "" : ": " + text;
  }

  Device device() {
    return device;
  }

  /** The handle of a kernel, which may then take the shared memory that it needs. */
  long function(CudaSpec.Kernel kernel) {
    ByteBuffer name = DirectMemory.allocate(kernel.name().length() + 1);
    name.put(0, kernel.name().getBytes(StandardCharsets.US_ASCII));
    long function =
        device.handle(
            DriverFunction.MODULE_GET_FUNCTION, module.handle(), device.driver().address(name));
    if (kernel.sharedBytes() > FREE_SHARED) {
      device.check(
          DriverFunction.FUNCTION_SET_ATTRIBUTE, function, MOST_SHARED, kernel.sharedBytes());
    }
    return function;
  }
}
