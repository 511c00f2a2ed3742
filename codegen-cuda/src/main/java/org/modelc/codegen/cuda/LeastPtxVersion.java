package org.modelc.codegen.cuda;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The least version of PTX that a text needs. Compilers write their own, the newest, which older
 * drivers refuse whatever the text has in it.
 *
 * <p>Source: PTX ISA, "PTX ISA Notes" of each instruction and directive, and "Release Notes".
 */
public final class LeastPtxVersion {
  private static final Pattern COMMENT = Pattern.compile("//[^\n]*|/\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern VERSION = Pattern.compile("(?m)^\\s*\\.version\\s+(\\d+)\\.(\\d+)");
  private static final Pattern TARGET = Pattern.compile("(?m)^\\s*\\.target\\s+sm_(\\w+)\\s*$");

  /** An instruction, at the beginning of a line or after another one, with its predicate. */
  private static final Pattern INSTRUCTION =
      Pattern.compile("(?m)(?:^|[;{}])\\s*(?:@!?%\\w+\\s+)?([a-z][\\w.:]*)(?=[\\s;])");

  private static final Pattern DIRECTIVE = Pattern.compile("(?m)(?:^|\\s)\\.([a-z]\\w*)");
  private static final Pattern REGISTER = Pattern.compile("%([a-z_]+)");
  private static final Pattern PRAGMA = Pattern.compile("(?m)^\\s*\\.pragma\\s+\"([^\"]*)\";\n");

  /** Tells how much of what is loaded is used: a driver may know it or not. */
  private static final String BYTES_USED = "used_bytes_mask";

  /** What brought the first target that kernels are made for, and all that has no later number. */
  private static final int BASE = 63;

  /** Major × 10 + minor, by compute capability × 10. */
  private static final Map<String, Integer> TARGETS =
      Map.of("75", BASE, "80", 70, "86", 71, "87", 74, "89", 78, "90", 78, "100", 86, "120", 87);

  /** Instructions with modifiers that not all have, by how they begin. */
  private static final Map<String, Integer> SPECIAL = special();

  /** Instructions that have been there since before {@link #BASE} with the modifiers below. */
  private static final Set<String> INSTRUCTIONS =
      words(
          "abs add and atom bar bfe bfi bra brev call clz cnot copysign cos cvt cvta div dp2a dp4a",
          "ex2 exit fence fma ld lg2 lop3 mad max membar min mov mul neg not or popc prmt rcp red",
          "rem ret rsqrt sad selp set setp shf shfl shl shr sin slct sqrt st sub testp vote xor");

  private static final Set<String> MODIFIERS =
      words(
          "s8 s16 s32 s64 u8 u16 u32 u64 b8 b16 b32 b64 f32 f64 pred v2 v4",
          "rn rz rm rp rni rzi rmi rpi ftz sat approx full lo hi wide cc l r wrap clamp",
          "eq ne lt le gt ge ls hs equ neu ltu leu gtu geu num nan and or xor",
          "sync warp bfly up down idx any all ballot uni to global shared local param const nc",
          "volatile ca cg cs cv wb wt add cas exch inc dec min max cta gl");

  private static final Set<String> DIRECTIVES =
      words(
          "version target address_size visible entry func param reg shared local const global align",
          "maxntid minnctapersm reqntid maxnreg pragma extern weak ptr x y z",
          "b8 b16 b32 b64 u8 u16 u32 u64 s8 s16 s32 s64 f16 f32 f64 pred v2 v4");

  /** Registers by what is left of their names before the number, and the special ones. */
  private static final Set<String> REGISTERS =
      words("p r rs rd f fd h hh tid ntid ctaid nctaid laneid warpid");

  private LeastPtxVersion() {}

  private static Map<String, Integer> special() {
    Map<String, Integer> all = new LinkedHashMap<>();
    all.put("cvt.rn.f16.f32", BASE);
    all.put("cvt.f32.f16", BASE);
    all.put("cp.async.", 70);
    all.put("cvt.rn.bf16x2.f32", 70);
    all.put("cvt.rn.f16x2.f32", 70);
    all.put("cvt.rna.tf32.f32", 70);
    all.put("ldmatrix.sync.aligned.m8n8.", 65);
    for (String shape :
        List.of(
            "m16n8k4.row.col.f32.tf32.tf32.f32",
            "m16n8k8.row.col.f32.tf32.tf32.f32",
            "m16n8k8.row.col.f32.bf16.bf16.f32",
            "m16n8k16.row.col.f32.bf16.bf16.f32",
            "m16n8k16.row.col.f32.f16.f16.f32",
            "m16n8k16.row.col.s32.s8.s8.s32",
            "m16n8k32.row.col.s32.s8.s8.s32")) {
      all.put("mma.sync.aligned." + shape, 70);
    }
    all.put("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32", 65);
    all.put("mma.sync.aligned.m8n8k16.row.col.s32.s8.s8.s32", 65);
    return all;
  }

  private static Set<String> words(String... lines) {
    return Arrays.stream(lines)
        .flatMap(line -> Arrays.stream(line.split(" ")))
        .collect(Collectors.toSet());
  }

  /**
   * The text under the least version that it needs, without hints that are of later ones; as it is
   * if something in it is not known here, or nothing is to be gained.
   */
  public static String lowered(String ptx) {
    Matcher version = VERSION.matcher(ptx);
    if (!version.find()) {
      return ptx;
    }
    int has = 10 * Integer.parseInt(version.group(1)) + Integer.parseInt(version.group(2));
    String code = COMMENT.matcher(ptx).replaceAll(" ");
    int needs = isKnown(code) ? needed(code) : has;
    if (needs >= has) {
      return ptx;
    }
    String line = version.group().replaceFirst("\\d+\\.\\d+", needs / 10 + "." + needs % 10);
    String lowered = ptx.substring(0, version.start()) + line + ptx.substring(version.end());
    return PRAGMA
        .matcher(lowered)
        .replaceAll(
            hint ->
                hint.group(1).startsWith(BYTES_USED) ? "" : Matcher.quoteReplacement(hint.group()));
  }

  /** Whether all directives, hints and registers have been there since {@link #BASE}. */
  private static boolean isKnown(String code) {
    boolean hints =
        PRAGMA
            .matcher(code)
            .results()
            .map(hint -> hint.group(1))
            .allMatch(hint -> hint.equals("nounroll") || hint.startsWith(BYTES_USED));
    return hints && hasOnly(DIRECTIVE, code, DIRECTIVES) && hasOnly(REGISTER, code, REGISTERS);
  }

  private static boolean hasOnly(Pattern pattern, String code, Set<String> known) {
    return pattern.matcher(code).results().map(each -> each.group(1)).allMatch(known::contains);
  }

  private static int needed(String code) {
    Matcher target = TARGET.matcher(code);
    int least = target.find() ? TARGETS.getOrDefault(target.group(1), Integer.MAX_VALUE) : BASE;
    Set<String> instructions =
        INSTRUCTION.matcher(code).results().map(each -> each.group(1)).collect(Collectors.toSet());
    for (String instruction : instructions) {
      least = Math.max(least, broughtBy(instruction));
    }
    return least;
  }

  /** The version that has an instruction; none if that is not known. */
  private static int broughtBy(String instruction) {
    for (Map.Entry<String, Integer> each : SPECIAL.entrySet()) {
      if (instruction.startsWith(each.getKey())) {
        return each.getValue();
      }
    }
    String[] parts = instruction.split("\\.");
    boolean known =
        INSTRUCTIONS.contains(parts[0])
            && Arrays.stream(parts).skip(1).allMatch(MODIFIERS::contains);
    return known ? BASE : Integer.MAX_VALUE;
  }
}
