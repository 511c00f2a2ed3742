package org.modelc.runtime.typed;

import java.util.ArrayList;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.modelc.runtime.ModelcException;

/**
 * The results of a stream of rows, computed for several at once: for one, then two, and so on up to
 * {@value #MOST}, so that the first result waits for one row alone and no more than that many rows
 * are held.
 */
public final class Batches<R, T> extends Spliterators.AbstractSpliterator<T>
    implements Consumer<R> {
  /** The most rows that are taken before their results are asked for. */
  public static final int MOST = 64;

  private final Spliterator<R> rows;
  private final Function<List<R>, List<T>> function;
  private List<R> taken = new ArrayList<>();
  private List<T> results = new ArrayList<>();
  private int next;
  private int size = 1;

  private Batches(Spliterator<R> rows, Function<List<R>, List<T>> function) {
    super(rows.estimateSize(), rows.characteristics() & (ORDERED | SIZED));
    this.rows = rows;
    this.function = function;
  }

  /**
   * Applies a function of many rows to a stream.
   *
   * @param function gives as many results as it is given rows, in order
   */
  public static <R, T> Stream<T> of(Stream<R> rows, Function<List<R>, List<T>> function) {
    Batches<R, T> batches = new Batches<>(rows.spliterator(), function);
    return StreamSupport.stream(batches, rows.isParallel()).onClose(rows::close);
  }

  @Override
  public void accept(R row) {
    taken.add(row);
  }

  @Override
  public boolean tryAdvance(Consumer<? super T> action) {
    if (next == results.size() && !fill()) {
      return false;
    }
    action.accept(results.get(next++));
    return true;
  }

  private boolean fill() {
    while (taken.size() < size && rows.tryAdvance(this)) {
      // A row has been taken.
    }
    if (taken.isEmpty()) {
      return false;
    }
    next = 0;
    try {
      results = function.apply(taken);
      taken = new ArrayList<>();
      size = Math.min(2 * size, MOST);
    } catch (ModelcException wrong) {
      // Results of rows before the wrong one are given, and the error tells of that row alone.
      results = function.apply(List.of(taken.remove(0)));
      size = 1;
    }
    return true;
  }
}
