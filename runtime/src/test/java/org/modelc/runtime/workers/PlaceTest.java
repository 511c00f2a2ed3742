package org.modelc.runtime.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PlaceTest {
  private static final int THREADS = 4;
  private static final int OBJECTS = 20_000;

  @Test
  void oneObjectFitsIn() {
    Place<String> place = new Place<>();
    assertThat(place.take()).isNull();
    assertThat(place.isFull()).isFalse();
    assertThat(place.put("a")).isTrue();
    assertThat(place.put("b")).isFalse();
    assertThat(place.isFull()).isTrue();
    assertThat(place.held()).isEqualTo("a");
    assertThat(place.take()).isEqualTo("a");
    assertThat(place.take()).isNull();
    assertThat(place.put("b")).isTrue();
    assertThat(place.take()).isEqualTo("b");
  }

  /** What goes in comes out once, with what was written before it went in. */
  @Test
  void threadsLoseNothingAndGetNothingTwice() throws InterruptedException {
    Place<int[]> place = new Place<>();
    AtomicIntegerArray taken = new AtomicIntegerArray(THREADS * OBJECTS);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int first = t * OBJECTS;
      threads.add(
          new Thread(
              () -> {
                for (int i = first; i < first + OBJECTS; i++) {
                  int[] object = {i};
                  while (!place.put(object)) {
                    Thread.yield();
                  }
                }
              }));
      threads.add(
          new Thread(
              () -> {
                for (int i = 0; i < OBJECTS; ) {
                  int[] object = place.take();
                  if (object == null) {
                    Thread.yield();
                  } else {
                    taken.incrementAndGet(object[0]);
                    i++;
                  }
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    for (int i = 0; i < taken.length(); i++) {
      assertThat(taken.get(i)).isEqualTo(1);
    }
    assertThat(place.isFull()).isFalse();
  }
}
