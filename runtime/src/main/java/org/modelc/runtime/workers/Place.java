package org.modelc.runtime.workers;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Room for one object, which threads put there and take away without locks. An {@link
 * java.util.concurrent.atomic.AtomicReference} would do, but a process's first use of one takes
 * milliseconds: it is made of method handles.
 */
public final class Place<T> {
  private static final int EMPTY = 0;
  private static final int CHANGING = 1;
  private static final int FULL = 2;

  private final AtomicInteger state = new AtomicInteger(EMPTY);
  private T held;

  /** Puts an object there; false if there is one, or another thread is just changing it. */
  public boolean put(T object) {
    if (state.get() != EMPTY || !state.compareAndSet(EMPTY, CHANGING)) {
      return false;
    }
    held = object;
    state.set(FULL);
    return true;
  }

  /** Takes the object away; null if there is none, or another thread is just changing it. */
  public T take() {
    if (state.get() != FULL || !state.compareAndSet(FULL, CHANGING)) {
      return null;
    }
    T object = held;
    held = null;
    state.set(EMPTY);
    return object;
  }

  /** Whether an object is there. */
  boolean isFull() {
    return state.get() == FULL;
  }

  /** The object, if it is there; for the one thread that takes. */
  T held() {
    return held;
  }
}
