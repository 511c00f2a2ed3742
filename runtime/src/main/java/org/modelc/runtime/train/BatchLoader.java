package org.modelc.runtime.train;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.data.RandomBits;

/**
 * The batches of an epoch: rows in an order that follows from seed and epoch, gathered, changed by
 * augmentations, weighted. The next batch is made on another thread while a step runs, where making
 * it is work worth the handing over; its contents are the same either way.
 */
final class BatchLoader implements AutoCloseable {
  private static final int WORTH_A_THREAD = 1 << 16;

  private final Examples examples;
  private final Augmentations augmentations;
  private final double[] weights;
  private final int batchRows;
  private final long seed;
  private final ExecutorService executor;
  private final Batch[] buffers = new Batch[2];
  private int[] order;
  private int epoch;
  private int next;
  private Future<Batch> pending;

  /** A batch's rows as arrays of the full batch's length; {@code rows} says how many count. */
  static final class Batch {
    final Object[] arrays;
    final float[] weights;
    int[] rows;

    Batch(Object[] arrays, int size) {
      this.arrays = arrays;
      this.weights = new float[size];
    }
  }

  /**
   * A loader.
   *
   * @param weights a weight for each row; null for 1
   */
  BatchLoader(
      Examples examples, Augmentations augmentations, double[] weights, int batch, long seed) {
    this.examples = examples;
    this.augmentations = augmentations;
    this.weights = weights;
    this.batchRows = Math.min(batch, examples.size());
    this.seed = seed;
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = new Batch(examples.newArrays(batchRows), batchRows);
    }
    this.executor = worthAThread() ? Executors.newSingleThreadExecutor(new Daemons()) : null;
  }

  private boolean worthAThread() {
    long bytes = 0;
    for (org.modelc.runtime.RowInputs.Input input : examples.inputs()) {
      bytes += (long) input.rowSize() * input.dtype().bytes() * batchRows;
    }
    return !examples.inMemory() || !augmentations.isEmpty() || bytes >= WORTH_A_THREAD;
  }

  int batches() {
    return (examples.size() + batchRows - 1) / batchRows;
  }

  /** Goes to a batch of an epoch. */
  void seek(int newEpoch, int batch) {
    drain();
    epoch = newEpoch;
    next = batch;
    order = Dataset.range(0, examples.size());
    RandomBits.of(seed, newEpoch).shuffle(order);
    submit();
  }

  /** The next batch, valid until the call after; null after the last. */
  Batch next() {
    if (next == batches()) {
      return null;
    }
    Batch batch = pending == null ? load(next) : await();
    next++;
    submit();
    return batch;
  }

  private void submit() {
    int index = next;
    if (executor != null && index < batches()) {
      pending =
          executor.submit(
              new Callable<Batch>() {
                @Override
                public Batch call() {
                  return load(index);
                }
              });
    }
  }

  private Batch load(int index) {
    Batch batch = buffers[index % 2];
    int to = Math.min(order.length, (index + 1) * batchRows);
    batch.rows = Arrays.copyOfRange(order, index * batchRows, to);
    examples.read(batch.rows, batch.arrays);
    augmentations.apply(batch.arrays, batch.rows, epoch);
    for (int i = 0; i < batch.rows.length; i++) {
      batch.weights[i] = weights == null ? 1 : (float) weights[batch.rows[i]];
    }
    return batch;
  }

  private Batch await() {
    Future<Batch> future = pending;
    pending = null;
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TrainingException("training was interrupted", "", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException) {
        throw (RuntimeException) e.getCause();
      }
      throw new IllegalStateException("a batch could not be made", e.getCause());
    }
  }

  private void drain() {
    if (pending != null) {
      await();
    }
  }

  @Override
  public void close() {
    if (executor != null) {
      executor.shutdownNow();
    }
  }

  private static final class Daemons implements ThreadFactory {
    @Override
    public Thread newThread(Runnable work) {
      Thread thread = new Thread(work, "modelc-batches");
      thread.setDaemon(true);
      return thread;
    }
  }
}
