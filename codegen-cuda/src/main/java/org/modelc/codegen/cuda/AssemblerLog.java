package org.modelc.codegen.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@code ptxas -v} says of kernels. */
public final class AssemblerLog {
  private static final Pattern KERNEL = Pattern.compile("Compiling entry function '(\\w+)'");
  private static final Pattern STACK =
      Pattern.compile("(\\d+) bytes stack frame, (\\d+) bytes spill stores");
  private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");
  private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

  private AssemblerLog() {}

  /** The kernels, in the order of the log. */
  public static List<DeviceCode.Resources> resources(String log) {
    List<DeviceCode.Resources> all = new ArrayList<>();
    String kernel = null;
    int[] stack = {0, 0};
    for (String line : log.lines().toList()) {
      Matcher matcher = KERNEL.matcher(line);
      if (matcher.find()) {
        kernel = matcher.group(1);
      }
      matcher = STACK.matcher(line);
      if (matcher.find()) {
        stack = new int[] {number(matcher, 1), number(matcher, 2)};
      }
      matcher = REGISTERS.matcher(line);
      if (matcher.find() && kernel != null) {
        Matcher smem = SHARED.matcher(line);
        int shared = smem.find() ? number(smem, 1) : 0;
        all.add(new DeviceCode.Resources(kernel, number(matcher, 1), stack[0], stack[1], shared));
        kernel = null;
      }
    }
    return all;
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }
}
