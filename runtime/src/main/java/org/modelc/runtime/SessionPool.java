package org.modelc.runtime;

import java.util.ArrayList;
import java.util.List;
import org.modelc.runtime.workers.Place;

/**
 * Sessions that wait for use. Bounded and without locks: taking from an empty pool makes a session,
 * giving to a full one drops it. So memory is at most what ran at one time.
 */
final class SessionPool {
  private final Model model;
  private final List<Place<Session>> waiting = new ArrayList<>();

  SessionPool(Model model, int capacity) {
    this.model = model;
    for (int i = 0; i < capacity; i++) {
      waiting.add(new Place<>());
    }
  }

  Session take() {
    for (int i = 0; i < waiting.size(); i++) {
      Session session = waiting.get(i).take();
      if (session != null) {
        return session;
      }
    }
    return new Session(model);
  }

  void give(Session session) {
    for (int i = 0; i < waiting.size(); i++) {
      if (waiting.get(i).put(session)) {
        return;
      }
    }
  }
}
