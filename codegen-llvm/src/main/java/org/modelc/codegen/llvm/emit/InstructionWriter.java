package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.modelc.codegen.llvm.IsaLevel;

/** Writes instructions one after another; registers get fresh numbers. */
public abstract class InstructionWriter {
  private final ModuleWriter module;
  final List<String> lines = new ArrayList<>();
  final List<String> entry = new ArrayList<>();
  private int registers;

  private final String prefix;

  /**
   * @param prefix what registers' names begin with
   */
  InstructionWriter(ModuleWriter module, String prefix) {
    this.module = module;
    this.prefix = prefix;
  }

  public ModuleWriter module() {
    return module;
  }

  /** Writes a line as it is. */
  public void line(String text) {
    lines.add("  " + text);
  }

  /** A register that has no value yet. */
  final Operand register(String type) {
    return new Operand(type, prefix + registers++);
  }

  private Operand result(String type, String instruction) {
    Operand result = register(type);
    lines.add("  " + result.text() + " = " + instruction);
    return result;
  }

  // Arithmetic. Operands of two-operand instructions have one type.

  /** An instruction of two operands and their type: {@code fadd}, {@code mul nsw}, {@code shl}. */
  public Operand binary(String opcode, Operand left, Operand right) {
    return result(left.type(), opcode + " " + left + ", " + right.text());
  }

  /** Integer or floating sum. */
  public Operand add(Operand left, Operand right) {
    if (!left.isFloating() && (left.is(0) || right.is(0))) {
      return left.is(0) ? right : left;
    }
    return binary(left.isFloating() ? "fadd" : "add", left, right);
  }

  public Operand subtract(Operand left, Operand right) {
    return binary(left.isFloating() ? "fsub" : "sub", left, right);
  }

  public Operand multiply(Operand left, Operand right) {
    if (!left.isFloating() && (left.is(1) || right.is(1))) {
      return left.is(1) ? right : left;
    }
    return binary(left.isFloating() ? "fmul" : "mul", left, right);
  }

  /** {@code a × b + c} rounded once; exact also where the target has no such instruction. */
  public Operand fma(Operand a, Operand b, Operand c) {
    if (module.target().level().hasFma()) {
      return intrinsic("llvm.fma", a.type(), a, b, c);
    }
    return call(a.type(), SoftwareFma.function(module, a.type()), a, b, c);
  }

  /** {@code a × b + c}: rounded once where that is one instruction, else twice. */
  public Operand multiplyAdd(Operand a, Operand b, Operand c) {
    return module.target().level().hasFma() ? fma(a, b, c) : add(multiply(a, b), c);
  }

  /** A comparison: {@code icmp slt}, {@code fcmp olt}; gives i1 or a vector of it. */
  public Operand compare(String predicate, Operand left, Operand right) {
    return result(LlvmTypes.like("i1", left), predicate + " " + left + ", " + right.text());
  }

  public Operand select(Operand condition, Operand then, Operand otherwise) {
    return result(then.type(), "select " + condition + ", " + then + ", " + otherwise);
  }

  /** A conversion: {@code sext}, {@code sitofp}, {@code bitcast}. */
  public Operand convert(String opcode, Operand operand, String type) {
    return operand.type().equals(type)
        ? operand
        : result(type, opcode + " " + operand + " to " + type);
  }

  public Operand negate(Operand operand) {
    return operand.isFloating()
        ? result(operand.type(), "fneg " + operand)
        : subtract(splat(Operand.integer(operand.element(), 0), operand.lanes()), operand);
  }

  /** The lesser of two signed integers. */
  public Operand minimum(Operand left, Operand right) {
    return intrinsic("llvm.smin", left.type(), left, right);
  }

  // Vectors.

  /** The scalar in all lanes; a scalar for one lane, a vector as it is. */
  public Operand splat(Operand scalar, int lanes) {
    if (lanes == 1 || scalar.isVector()) {
      return scalar;
    }
    if (scalar.isConstant()) {
      return scalar.splatConstant(lanes);
    }
    String type = LlvmTypes.vector(scalar.type(), lanes);
    Operand one = result(type, "insertelement " + type + " poison, " + scalar + ", i64 0");
    String zeros = LlvmTypes.vector("i32", lanes) + " zeroinitializer";
    return result(type, "shufflevector " + one + ", " + type + " poison, " + zeros);
  }

  /** {@code <0, 1, 2, …>}. */
  public Operand lanes(String element, int lanes) {
    StringBuilder text = new StringBuilder("<");
    for (int lane = 0; lane < lanes; lane++) {
      text.append(lane == 0 ? "" : ", ").append(element).append(' ').append(lane);
    }
    return new Operand(LlvmTypes.vector(element, lanes), text + ">");
  }

  public Operand extract(Operand vector, int lane) {
    return result(vector.element(), "extractelement " + vector + ", i64 " + lane);
  }

  public Operand insert(Operand vector, Operand scalar, int lane) {
    return result(vector.type(), "insertelement " + vector + ", " + scalar + ", i64 " + lane);
  }

  /** Lanes of two vectors by number; those of the second count on from those of the first. */
  public Operand shuffle(Operand first, Operand second, int... chosen) {
    StringBuilder mask = new StringBuilder(LlvmTypes.vector("i32", chosen.length) + " <");
    for (int i = 0; i < chosen.length; i++) {
      mask.append(i == 0 ? "" : ", ").append("i32 ").append(chosen[i]);
    }
    String type = LlvmTypes.vector(first.element(), chosen.length);
    return result(type, "shufflevector " + first + ", " + second + ", " + mask + ">");
  }

  /** Joins the lanes of a vector in halves, with an operator that keeps the type. */
  public Operand joinLanes(Operand vector, BinaryOperator<Operand> join) {
    Operand rest = vector;
    while (rest.lanes() > 1) {
      int half = rest.lanes() / 2;
      int[] low = new int[half];
      int[] high = new int[half];
      for (int i = 0; i < half; i++) {
        low[i] = i;
        high[i] = half + i;
      }
      rest = join.apply(shuffle(rest, rest, low), shuffle(rest, rest, high));
    }
    return rest.isVector() ? extract(rest, 0) : rest;
  }

  /**
   * Joins the lanes of each of some vectors; lane i of the result is of vector i. Pairs of vectors
   * are joined lane by lane until one is left, which takes a third of the instructions that one
   * after another does.
   *
   * @param vectors at most as many as they have lanes
   */
  public Operand joinEach(List<Operand> vectors, int lanes, BinaryOperator<Operand> join) {
    List<Operand> rest = new ArrayList<>(vectors);
    for (int apart = 1; apart < lanes; apart *= 2) {
      int[] even = new int[lanes];
      int[] odd = new int[lanes];
      for (int lane = 0; lane < lanes; lane++) {
        boolean isSecond = (lane & apart) != 0;
        even[lane] = isSecond ? lanes + lane - apart : lane;
        odd[lane] = isSecond ? lanes + lane : lane + apart;
      }
      List<Operand> next = new ArrayList<>();
      for (int i = 0; i < rest.size(); i += 2) {
        Operand first = rest.get(i);
        Operand second = i + 1 < rest.size() ? rest.get(i + 1) : first;
        next.add(join.apply(shuffle(first, second, even), shuffle(first, second, odd)));
      }
      rest = next;
    }
    return rest.get(0);
  }

  /** Which lanes lie below a limit: lane i of the result is {@code i < count}. */
  public Operand mask(Operand count, int lanes) {
    Operand below = intrinsic("llvm.smin", "i64", count, Operand.i64(lanes));
    Operand narrow = convert("trunc", below, "i32");
    return compare("icmp slt", lanes("i32", lanes), splat(narrow, lanes));
  }

  // Memory. Addresses are element types, base pointers and i64 positions.

  /** The address of an element. */
  public Operand address(String element, Operand base, Operand position) {
    if (position.is(0)) {
      return base;
    }
    String type = LlvmTypes.like("ptr", position);
    return result(type, "getelementptr " + element + ", " + base + ", " + position);
  }

  /** Loads a scalar or a vector whose lanes are next to each other. */
  public Operand load(String type, Operand pointer) {
    return result(type, "load " + type + ", " + pointer + align(type));
  }

  public void store(Operand value, Operand pointer) {
    line("store " + value + ", " + pointer + align(value.type()));
  }

  /** Brings a line of memory into the first cache; the address may be any. */
  public void prefetch(Operand pointer) {
    prefetch(pointer, 3);
  }

  /** Brings a cache line nearer, but not into the first cache. */
  public void prefetchToSecondCache(Operand pointer) {
    prefetch(pointer, 2);
  }

  private void prefetch(Operand pointer, int locality) {
    String name = "llvm.prefetch.p0";
    module.declare(name, "void @" + name + "(ptr, i32 immarg, i32 immarg, i32 immarg)");
    line("call void @" + name + "(" + pointer + ", i32 0, i32 " + locality + ", i32 1)");
  }

  /** The same pointer or vector, of which LLVM does not know that it is. */
  public Operand disguised(Operand operand) {
    String where = operand.lanes() > 1 ? "v" : "r";
    String type = operand.type();
    return result(type, "call " + type + " asm \"\", \"=" + where + ",0\"(" + operand + ")");
  }

  private static String align(String type) {
    return ", align " + LlvmTypes.bytes(LlvmTypes.element(type));
  }

  /** As {@link #load} for the lanes whose mask is set; the others are 0 and not accessed. */
  public Operand maskedLoad(String type, Operand pointer, Operand mask) {
    String name = "llvm.masked.load." + LlvmTypes.suffix(type) + ".p0";
    module.declare(
        name, type + " @" + name + "(ptr, i32 immarg, " + mask.type() + ", " + type + ")");
    return result(
        type,
        "call "
            + type
            + " @"
            + name
            + "("
            + pointer
            + ", "
            + alignment(type)
            + ", "
            + mask
            + ", "
            + Operand.zero(type)
            + ")");
  }

  /**
   * Stores lanes of a vector.
   *
   * @param mask which; null for all
   */
  void storeLanes(Operand value, Operand pointer, Operand mask) {
    if (mask == null) {
      store(value, pointer);
    } else {
      maskedStore(value, pointer, mask);
    }
  }

  public void maskedStore(Operand value, Operand pointer, Operand mask) {
    String type = value.type();
    String name = "llvm.masked.store." + LlvmTypes.suffix(type) + ".p0";
    module.declare(name, "void @" + name + "(" + type + ", ptr, i32 immarg, " + mask.type() + ")");
    line(
        "call void @"
            + name
            + "("
            + value
            + ", "
            + pointer
            + ", "
            + alignment(type)
            + ", "
            + mask
            + ")");
  }

  /** Loads each lane from its own address, where the mask is set; the others are 0. */
  public Operand gather(String type, Operand pointers, Operand mask) {
    String name =
        "llvm.masked.gather." + LlvmTypes.suffix(type) + "." + LlvmTypes.suffix(pointers.type());
    module.declare(
        name,
        type
            + " @"
            + name
            + "("
            + pointers.type()
            + ", i32 immarg, "
            + mask.type()
            + ", "
            + type
            + ")");
    return result(
        type,
        "call "
            + type
            + " @"
            + name
            + "("
            + pointers
            + ", "
            + alignment(type)
            + ", "
            + mask
            + ", "
            + Operand.zero(type)
            + ")");
  }

  public void scatter(Operand value, Operand pointers, Operand mask) {
    String type = value.type();
    String name =
        "llvm.masked.scatter." + LlvmTypes.suffix(type) + "." + LlvmTypes.suffix(pointers.type());
    module.declare(
        name,
        "void @"
            + name
            + "("
            + type
            + ", "
            + pointers.type()
            + ", i32 immarg, "
            + mask.type()
            + ")");
    line(
        "call void @"
            + name
            + "("
            + value
            + ", "
            + pointers
            + ", "
            + alignment(type)
            + ", "
            + mask
            + ")");
  }

  private static Operand alignment(String type) {
    return Operand.i32(LlvmTypes.bytes(LlvmTypes.element(type)));
  }

  /** A mutable scalar of the function's frame. */
  public Operand variable(String type) {
    Operand pointer = new Operand("ptr", "%m" + entry.size());
    entry.add("  " + pointer.text() + " = alloca " + type);
    return pointer;
  }

  // Calls.

  /** Calls an intrinsic whose name ends in the result's type: {@code llvm.fma}. */
  public Operand intrinsic(String name, String type, Operand... operands) {
    String whole = name + "." + LlvmTypes.suffix(type);
    if (!module.isDeclared(whole)) {
      List<String> types = Arrays.stream(operands).map(Operand::type).toList();
      module.declare(whole, type + " @" + whole + "(" + String.join(", ", types) + ")");
    }
    return call(type, whole, operands);
  }

  /**
   * The processor's time stamp, i64. AArch64's cycle counter is the system's alone, its timer is
   * not.
   */
  public Operand timeStamp() {
    if (module.target().level() == IsaLevel.NEON) {
      return result("i64", "call i64 asm sideeffect \"mrs $0, cntvct_el0\", \"=r\"()");
    }
    module.declare("llvm.readcyclecounter", "i64 @llvm.readcyclecounter()");
    return call("i64", "llvm.readcyclecounter");
  }

  /** Calls a function that is declared or defined in the module. */
  public Operand call(String type, String function, Operand... operands) {
    String text = "call " + type + " @" + function + list(operands);
    if (type.equals("void")) {
      line(text);
      return null;
    }
    return result(type, text);
  }

  /** Calls a function without a result, by name or by the register that holds its address. */
  public void callAddress(Operand function, Operand... operands) {
    line("call void " + function.text() + list(operands));
  }

  private static String list(Operand... operands) {
    StringBuilder text = new StringBuilder("(");
    for (int i = 0; i < operands.length; i++) {
      Operand operand = operands[i];
      text.append(i == 0 ? "" : ", ").append(operand.type()).append(' ').append(operand.text());
    }
    return text.append(')').toString();
  }

  /** Applies a function to each operand. */
  static List<Operand> each(List<Operand> operands, Function<Operand, Operand> function) {
    return operands.stream().map(function).toList();
  }
}
