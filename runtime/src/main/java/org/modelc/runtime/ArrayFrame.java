package org.modelc.runtime;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.ProgramAbi.Buffer;
import org.modelc.runtime.workers.Cohort;

/** A frame of bytecode: every buffer is an array of its own, the caller's are used as they are. */
final class ArrayFrame extends Frame {
  private final Cohort cohort;
  private final List<Buffer> layout;
  private final Object[] buffers;
  private final Object[] own;
  private final boolean[] owned;
  private final Tensor[] copied;
  private final int[] largest;
  private int[] sizes;
  private Object[][] scratch;

  /** A new one, declared as what callers are verified with: they need not load this class. */
  static Frame create(Program program, Map<String, Tensor> tensors, Cohort cohort) {
    return new ArrayFrame(program, tensors, cohort);
  }

  private ArrayFrame(Program program, Map<String, Tensor> tensors, Cohort cohort) {
    super(program);
    this.cohort = cohort;
    this.layout = program.abi().buffers();
    this.buffers = new Object[layout.size()];
    this.copied = new Tensor[layout.size()];
    this.largest = new int[program.abi().dims().size()];
    Arrays.fill(largest, -1);
    FrameLayout.fill(program, tensors, buffers, copied);
    this.own = buffers.clone();
    this.owned = FrameLayout.owned(layout);
  }

  @Override
  public void control(String name, double value) {
    int position = program().find(name);
    if (position >= 0) {
      FrameLayout.setScalar(own[position], value);
    }
  }

  @Override
  public void control(String name, long value) {
    int position = program().find(name);
    if (position >= 0 && own[position] instanceof long[]) {
      ((long[]) own[position])[0] = value;
    } else if (position >= 0) {
      FrameLayout.setScalar(own[position], (double) value);
    }
  }

  @Override
  public Object array(int position) {
    return own[position];
  }

  @Override
  protected Tensor tensor(int position, List<Integer> shape) {
    return new Tensor(layout.get(position).dtype(), shape, own[position]);
  }

  @Override
  protected void reserve(int[] dims, int[] newSizes) {
    sizes = newSizes;
    if (grow(largest, dims) || scratch == null) {
      scratch = new Object[cohort.threads()][];
      for (int worker = 0; worker < scratch.length; worker++) {
        scratch[worker] = program().compiled().scratch(largest);
      }
    }
  }

  @Override
  protected void execute(Object[] given, int[] dims, long work) {
    try {
      for (int i = 0; i < buffers.length; i++) {
        if (given[i] != null) {
          buffers[i] = given[i];
        } else if (owned[i] && (own[i] == null || Array.getLength(own[i]) < sizes[i])) {
          own[i] = Tensor.newArray(layout.get(i).dtype(), sizes[i]);
          buffers[i] = own[i];
        }
      }
      cohort.run(program().compiled(), buffers, dims, scratch, work);
      update();
    } finally {
      System.arraycopy(own, 0, buffers, 0, own.length);
    }
  }

  private void update() {
    for (int i = 0; i < copied.length; i++) {
      if (copied[i] != null) {
        System.arraycopy(buffers[i], 0, copied[i].values(), 0, copied[i].size());
      }
    }
  }
}
