package org.modelc.runtime;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Sessions that wait for use. Bounded and without locks: taking from an empty pool makes a session,
 * giving to a full one drops it. So memory is at most what ran at one time.
 */
final class SessionPool {
  private final Model model;
  private final AtomicReferenceArray<Session> waiting;

  SessionPool(Model model, int capacity) {
    this.model = model;
    this.waiting = new AtomicReferenceArray<>(capacity);
  }

  Session take() {
    for (int i = 0; i < waiting.length(); i++) {
      if (waiting.get(i) != null) {
        Session session = waiting.getAndSet(i, null);
        if (session != null) {
          return session;
        }
      }
    }
    return new Session(model);
  }

  void give(Session session) {
    for (int i = 0; i < waiting.length(); i++) {
      if (waiting.get(i) == null && waiting.compareAndSet(i, null, session)) {
        return;
      }
    }
  }
}
