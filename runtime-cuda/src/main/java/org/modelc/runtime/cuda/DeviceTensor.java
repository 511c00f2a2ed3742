package org.modelc.runtime.cuda;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.modelc.runtime.nativecode.DirectMemory;

/**
 * A tensor's elements on a device, and in this machine's memory when somebody asks for them there.
 * Parameters stay on the device from step to step; a checkpoint brings them back.
 */
final class DeviceTensor implements Supplier<ByteBuffer> {
  private final Device device;
  private final Held memory;
  private final ByteBuffer host;
  private boolean isHostNewer = true;
  private boolean isDeviceNewer;

  /**
   * @param host the elements, which this object takes for its own
   */
  DeviceTensor(Device device, ByteBuffer host) {
    this.device = device;
    this.host = host;
    device.enter();
    this.memory = device.allocate(host.capacity());
  }

  boolean isOn(Device other) {
    return device == other;
  }

  long address() {
    return memory.handle();
  }

  int bytes() {
    return host.capacity();
  }

  /** Brings the device what the host changed. */
  synchronized void toDevice(long stream) {
    if (isHostNewer) {
      long from = device.driver().address(host);
      device.check(DriverFunction.COPY_TO_DEVICE, address(), from, bytes(), stream);
      device.check(DriverFunction.STREAM_SYNCHRONIZE, stream);
      isHostNewer = false;
    }
  }

  /** Says that a program wrote the elements on the device. */
  synchronized void written() {
    isDeviceNewer = true;
    isHostNewer = false;
  }

  /** The elements, taken to be changed by whoever asks. */
  @Override
  public synchronized ByteBuffer get() {
    if (isDeviceNewer) {
      device.enter();
      long to = device.driver().address(host);
      device.check(DriverFunction.COPY_TO_HOST, to, address(), bytes(), 0);
      device.check(DriverFunction.STREAM_SYNCHRONIZE, 0);
      isDeviceNewer = false;
    }
    isHostNewer = true;
    return host;
  }

  /** Zeros. */
  static DeviceTensor zeros(Device device, long bytes) {
    return new DeviceTensor(device, DirectMemory.allocate(bytes));
  }
}
