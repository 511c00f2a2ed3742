package org.modelc.runtime.cuda;

import java.lang.ref.Cleaner;

/** Something of the driver's, given back when nobody can reach this object any more. */
final class Held {
  private static final Cleaner CLEANER = Cleaner.create();

  private final long handle;
  private final Cleaner.Cleanable release;

  /**
   * @param release the function that gives it back
   */
  Held(Device device, long handle, DriverFunction release) {
    this.handle = handle;
    this.release = CLEANER.register(this, new Release(device, handle, release));
  }

  /** The driver's handle or address. */
  long handle() {
    return handle;
  }

  /** Gives it back now. */
  void release() {
    release.clean();
  }

  /** Apart from the object, which it must not keep. */
  private record Release(Device device, long handle, DriverFunction function) implements Runnable {
    @Override
    public void run() {
      device.release(function, handle);
    }
  }
}
