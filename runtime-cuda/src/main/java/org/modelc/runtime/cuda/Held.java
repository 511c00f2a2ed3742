package org.modelc.runtime.cuda;

import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Something of the driver's, given back when nobody can reach this object any more. */
final class Held {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final Set<Release> OUTSTANDING = ConcurrentHashMap.newKeySet();

  private final long handle;
  private final Release release;

  /**
   * @param function gives it back
   */
  Held(Device device, long handle, DriverFunction function) {
    this.handle = handle;
    this.release = new Release(new WeakReference<>(this), device, handle, function);
    OUTSTANDING.add(release);
    CLEANER.register(this, release);
  }

  /** The driver's handle or address. */
  long handle() {
    return handle;
  }

  /** Gives it back now. */
  void release() {
    release.run();
  }

  /**
   * Has the collector look, and gives back all that it found in nobody's reach. The collector
   * clears weak references before its call ends, so that nothing need be waited for.
   */
  static void releaseUnreachable() {
    System.gc();
    for (Release each : OUTSTANDING) {
      if (each.holder.get() == null) {
        each.run();
      }
    }
  }

  /** Apart from the object, which it must not keep; by whichever thread comes first, once. */
  private static final class Release implements Runnable {
    private final WeakReference<Held> holder;
    private final Device device;
    private final long handle;
    private final DriverFunction function;

    Release(WeakReference<Held> holder, Device device, long handle, DriverFunction function) {
      this.holder = holder;
      this.device = device;
      this.handle = handle;
      this.function = function;
    }

    /** When it returns the driver has it, even if another thread began. */
    @Override
    public synchronized void run() {
      if (OUTSTANDING.remove(this)) {
        device.release(function, handle);
      }
    }
  }
}
