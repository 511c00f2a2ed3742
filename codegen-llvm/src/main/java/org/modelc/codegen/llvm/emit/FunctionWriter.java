package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Writes one function: instructions, loops and branches; labels get fresh numbers. */
public final class FunctionWriter extends InstructionWriter {
  /** What a loop does with its index and its carried values; gives their next values. */
  public interface LoopBody extends BiFunction<Operand, List<Operand>, List<Operand>> {}

  private int labels;
  private String block = "entry";

  public FunctionWriter(ModuleWriter module) {
    this(module, "%v");
  }

  /**
   * @param prefix what registers' names begin with
   */
  FunctionWriter(ModuleWriter module, String prefix) {
    super(module, prefix);
  }

  // Control.

  private String label(String name) {
    return name + labels++;
  }

  private void open(String label) {
    lines.add(label + ":");
    block = label;
  }

  /** A loop without carried values. */
  public void loop(Operand start, Operand end, long step, Consumer<Operand> body) {
    loop(
        start,
        end,
        step,
        List.of(),
        (index, none) -> {
          body.accept(index);
          return none;
        });
  }

  /**
   * {@code for (i = start; i < end; i += step)} over i64, with values carried from one round to the
   * next.
   *
   * @return the carried values after the last round; the initial ones if there was none
   */
  public List<Operand> loop(
      Operand start, Operand end, long step, List<Operand> initial, LoopBody body) {
    return loop(start, end, step, initial, body, ", !llvm.loop !0");
  }

  /** A loop that LLVM may unroll and vectorise as it sees fit. */
  public void scalarLoop(Operand start, Operand end, long step, Consumer<Operand> body) {
    LoopBody nothingCarried =
        (index, none) -> {
          body.accept(index);
          return none;
        };
    loop(start, end, step, List.of(), nothingCarried, "");
  }

  private List<Operand> loop(
      Operand start,
      Operand end,
      long step,
      List<Operand> initial,
      LoopBody body,
      String metadata) {
    String before = block;
    String head = label("loop");
    String inside = label("body");
    String after = label("done");
    line("br label %" + head);
    open(head);
    Operand index = register(start.type());
    int phis = lines.size();
    List<Operand> carried = new ArrayList<>();
    for (Operand value : initial) {
      carried.add(register(value.type()));
    }
    Operand more = compare("icmp slt", index, end);
    line("br " + more + ", label %" + inside + ", label %" + after);
    open(inside);
    List<Operand> next = body.apply(index, carried);
    Operand advanced = binary("add nsw", index, Operand.integer(index.type(), step));
    String last = block;
    line("br label %" + head + metadata);
    open(after);
    List<String> heads = new ArrayList<>();
    heads.add(phi(index, start, before, advanced, last));
    for (int i = 0; i < carried.size(); i++) {
      heads.add(phi(carried.get(i), initial.get(i), before, next.get(i), last));
    }
    lines.addAll(phis, heads);
    return carried;
  }

  private static String phi(Operand to, Operand one, String from, Operand other, String where) {
    return "  "
        + to.text()
        + " = phi "
        + to.type()
        + " [ "
        + one.text()
        + ", %"
        + from
        + " ], [ "
        + other.text()
        + ", %"
        + where
        + " ]";
  }

  /** Does something only where a condition holds. */
  public void when(Operand condition, Runnable then) {
    when(condition, then, null);
  }

  /** A branch; {@code otherwise} may be null. */
  public void when(Operand condition, Runnable then, Runnable otherwise) {
    String yes = label("then");
    String no = otherwise == null ? null : label("else");
    String after = label("join");
    line("br " + condition + ", label %" + yes + ", label %" + (no == null ? after : no));
    open(yes);
    then.run();
    line("br label %" + after);
    if (otherwise != null) {
      open(no);
      otherwise.run();
      line("br label %" + after);
    }
    open(after);
  }

  /** The value computed only where a condition holds; 0 elsewhere. */
  public Operand guarded(Operand condition, String type, Supplier<Operand> then) {
    return choose(condition, () -> List.of(then.get()), () -> List.of(Operand.zero(type))).get(0);
  }

  /** As many values as either way computes, of the way that is taken. */
  public List<Operand> choose(
      Operand condition, Supplier<List<Operand>> then, Supplier<List<Operand>> otherwise) {
    String yes = label("then");
    String no = label("else");
    String after = label("join");
    line("br " + condition + ", label %" + yes + ", label %" + no);
    open(yes);
    List<Operand> some = then.get();
    String fromYes = block;
    line("br label %" + after);
    open(no);
    List<Operand> others = otherwise.get();
    String fromNo = block;
    line("br label %" + after);
    open(after);
    List<Operand> result = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      Operand chosen = register(some.get(i).type());
      line(phi(chosen, some.get(i), fromYes, others.get(i), fromNo).strip());
      result.add(chosen);
    }
    return result;
  }

  /** {@code while (condition) body}. */
  public void repeat(Supplier<Operand> condition, Runnable body) {
    String head = label("while");
    String inside = label("body");
    String after = label("done");
    line("br label %" + head);
    open(head);
    Operand more = condition.get();
    line("br " + more + ", label %" + inside + ", label %" + after);
    open(inside);
    body.run();
    line("br label %" + head);
    open(after);
  }

  /** Ends the function with a value if a condition holds. */
  public void returnIf(Operand condition, Operand value) {
    String yes = label("return");
    String after = label("go");
    line("br " + condition + ", label %" + yes + ", label %" + after);
    open(yes);
    line("ret " + value);
    open(after);
  }

  /** The body's text, with the blocks' labels, after instructions of another writer. */
  String text(FunctionWriter head) {
    List<String> all = new ArrayList<>();
    all.add("entry:");
    all.addAll(head.lines);
    all.addAll(entry);
    all.addAll(lines);
    // With an empty last line, after which there is no line feed.
    all.add("");
    return String.join("\n", all);
  }

  /** The instructions of the whole function, from its entry on. */
  public String body() {
    return text(new FunctionWriter(module()));
  }
}
