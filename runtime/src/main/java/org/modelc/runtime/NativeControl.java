package org.modelc.runtime;

import java.nio.ByteBuffer;
import org.modelc.runtime.nativecode.DirectMemory;
import org.modelc.runtime.nativecode.NativeProgram;

/**
 * What native code is given of a call: four addresses, of the team's block, the dims, the buffers'
 * addresses and the workers' scratch addresses, and these behind them; all in one memory.
 */
final class NativeControl {
  private final ByteBuffer memory;
  private final NativeProgram.Call call;
  private final int dimsAt;
  private final int buffersAt;
  private final int scratchAt;

  NativeControl(NativeProgram code, int dims, int buffers, int workers) {
    this.dimsAt = DirectMemory.LINE;
    this.buffersAt = dimsAt + lines(dims);
    this.scratchAt = buffersAt + lines(buffers);
    int teamAt = scratchAt + lines(workers);
    int teamBytes = NativeProgram.TEAM_BYTES + workers * DirectMemory.LINE;
    this.memory = DirectMemory.allocate(teamAt + teamBytes);
    long begin = code.address(memory);
    memory.putLong(0, begin + teamAt);
    memory.putLong(Long.BYTES, begin + dimsAt);
    memory.putLong(2 * Long.BYTES, begin + buffersAt);
    memory.putLong(3 * Long.BYTES, begin + scratchAt);
    ByteBuffer team = memory.slice(teamAt, teamBytes).order(memory.order());
    this.call = new NativeProgram.Call(team, begin);
  }

  private static int lines(int longs) {
    return (int) DirectMemory.lines((long) longs * Long.BYTES);
  }

  NativeProgram.Call call() {
    return call;
  }

  void dim(int index, int value) {
    memory.putLong(dimsAt + index * Long.BYTES, value);
  }

  void buffer(int index, long address) {
    memory.putLong(buffersAt + index * Long.BYTES, address);
  }

  void scratch(int worker, long address) {
    memory.putLong(scratchAt + worker * Long.BYTES, address);
  }
}
