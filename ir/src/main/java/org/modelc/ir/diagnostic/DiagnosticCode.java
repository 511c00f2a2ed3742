package org.modelc.ir.diagnostic;

import java.util.Arrays;
import java.util.Optional;

/**
 * Every code a user can meet, with what it means and what to do. E0 syntax, E1 names, E2 types and
 * dims, E3 layers and parameters, E4 data and recipes, E5 training and running, E6 files, E9 not in
 * this release; W warnings. A code once released keeps its meaning.
 */
public enum DiagnosticCode {
  SYNTAX(
      "E001",
      "the text does not follow the grammar",
      "The parser met something it cannot place. It skips to the next statement and goes on, so that"
          + " independent mistakes are all shown in one run. docs/language.md has the grammar."),
  UNKNOWN_CHARACTER(
      "E002",
      "a character that no token starts with",
      "Outside comments, strings and backquotes only the characters of the grammar may stand. Column"
          + " names with other characters go in backquotes."),
  UNCLOSED(
      "E003",
      "a text, a backquoted name or a bracket is not closed",
      "Texts and backquoted names end on the line they begin on."),
  TOO_DEEP(
      "E004",
      "nested too deeply",
      "Brackets, blocks and operators may nest 200 deep. Name the inner parts with `let`."),
  RESERVED_NAME(
      "E005",
      "a reserved word where a name is wanted",
      "Reserved are model, layer, fn, let, var, param, state, cache, if, for, scan, import and export."
          + " As a column name put the word in backquotes."),
  NUMBER_RANGE(
      "E006",
      "a number out of range",
      "Whole numbers are 64-bit, others are 64-bit floating point."),

  UNKNOWN_NAME(
      "E101",
      "an unknown name",
      "No parameter, input, let, function, layer or library function of this name can be seen here."),
  DUPLICATE_NAME(
      "E102",
      "a name declared twice",
      "In one scope each name is declared once; `var` may be assigned again, `let` may not."),
  UNKNOWN_ARGUMENT(
      "E103",
      "an argument that the callee does not have",
      "Named arguments must match a parameter of the function, layer or operator."),
  MISSING_ARGUMENT("E104", "an argument is missing", "Parameters without a default must be given."),
  DUPLICATE_ARGUMENT("E105", "an argument given twice", "Each parameter takes one argument."),
  NOT_ASSIGNABLE(
      "E106",
      "assignment to something that is not a var",
      "Only names declared with `var` and states can be assigned."),
  RECURSION(
      "E107",
      "a function or layer uses itself",
      "Functions and layers are unfolded at each use, so none can use itself, not even by way of"
          + " another. Use `for` over a static range or `scan` over a sequence."),
  UNKNOWN_FIELD(
      "E108", "a record has no such field", "Results with names are read by these names."),
  UNKNOWN_DIM(
      "E109",
      "a dim that nothing binds",
      "Each dim of a result or a parameter must occur in an input, be a static parameter or be"
          + " computed from those."),
  UNUSED_NAME("W110", "a name that is never used", "A leftover, or a misspelling elsewhere."),
  ARGUMENT_COUNT("E111", "too many arguments", "The callee takes fewer arguments."),

  DIM_MISMATCH(
      "E201",
      "dims that must agree do not",
      "A dim written twice in a signature means one size. The message shows both and where each"
          + " came from."),
  RANK_MISMATCH(
      "E202",
      "a tensor has another number of axes than wanted",
      "The signature says how many axes are wanted; `...` stands for any number of leading ones."),
  DTYPE_MISMATCH(
      "E203",
      "element types that must agree do not",
      "There is no silent conversion between element types; write f32(x), i32(x) or bool(x)."),
  OPERATOR_TYPES(
      "E204",
      "an operator cannot take these shapes",
      "The operator's own rule on shapes is broken; the message shows the shapes."),
  NOT_STATIC(
      "E205",
      "a dynamic value where a static one is needed",
      "Shapes of params and states, static arguments, and the conditions and ranges of `if` and"
          + " `for` are settled at compile time."),
  INEXACT_DIVISION(
      "E206",
      "a division of dims leaves a rest",
      "`/` on dims must be exact. ceil_div and floor_div round."),
  AMBIGUOUS_AXIS(
      "E207",
      "an axis that is named by a dim but not exactly one axis has it",
      "`over:`, `keep:` and `along` accept a dim when exactly one axis has that size; else give the"
          + " axis as a number, negative from the end."),
  NOT_BROADCASTABLE(
      "E208",
      "shapes do not broadcast",
      "A literal 1 and missing leading dims broadcast, nothing else does."),
  NOT_A_TENSOR(
      "E209",
      "a tensor is wanted",
      "Inputs of functions and layers are tensors; numbers become tensors where one is wanted, other"
          + " static values do not."),
  NOT_CALLABLE(
      "E210",
      "something that cannot be called",
      "Functions, layers and layer values can be called."),
  RESULT_MISMATCH(
      "E211",
      "a body gives another type than its signature says",
      "The type after `->` is a promise to every use and is checked at each of them."),
  UNBOUND_RESULT(
      "E212",
      "a destructuring that does not fit the value",
      "`let (a, b) = …` needs a value of exactly that many parts."),
  BAD_STATIC_VALUE(
      "E213", "a static value out of its range", "The message says which values are possible."),

  PARAM_OUTSIDE_LAYER(
      "E301",
      "a parameter where none may be made",
      "A fn that makes parameters stands in a model; elsewhere write a `layer`."),
  PARAM_SHAPE_DIFFERS(
      "E302",
      "one fn used with two shapes owns a parameter whose shape differs",
      "A fn owns its parameters however often it is called, so all its uses must agree on their"
          + " shapes. A `layer` makes new ones at each use."),
  STATE_NOT_WRITABLE(
      "E303",
      "a state that cannot be written here",
      "States are assigned in the layer or model that declares them."),
  DUPLICATE_BINDING(
      "E304",
      "two occurrences with one binding name",
      "`as name` must differ within a body; it names parameters in files."),
  INITIALISER(
      "E305",
      "not an initialiser",
      "A param starts as zeros(), ones(), constant(x), normal(…), uniform(…), glorot_uniform(),"
          + " glorot_normal(), he_uniform(), he_normal() or an expression of static values."),
  TENSOR_AS_STATIC(
      "E306",
      "a tensor as a static argument",
      "The first list of a layer takes static values, the second takes tensors."),
  NO_SUCH_PARAMETER(
      "E307",
      "a layer value has no such parameter",
      "`value.name` reads a param of a layer bound with `let`."),

  UNKNOWN_COLUMN("E401", "an unknown column", "The data has no column of this name."),
  UNKNOWN_SETTING(
      "E402",
      "a sentence that data or recipes do not have",
      "docs/language.md lists the sentences of data, train and compress."),
  DUPLICATE_SETTING("E403", "a sentence given twice", "Each setting is given once."),
  MISSING_SETTING("E404", "a sentence is missing", "The message says which and shows an example."),
  SPLIT_TOTAL(
      "E405",
      "a split that does not add up to 100 %",
      "The three parts are training, validation and test."),
  UNKNOWN_MEASURE("E406", "an unknown measure", "docs/language.md lists the measures."),
  UNKNOWN_OPTIMISER(
      "E407",
      "an unknown optimiser or schedule",
      "docs/language.md lists optimisers and schedules."),
  UNKNOWN_REQUIREMENT(
      "E408",
      "a requirement on something that is not measured",
      "Requirements name a measure of the recipe or a size such as `jar`."),
  BAD_SETTING("E409", "a setting out of its range", "The message says which values are possible."),
  DATA_LEAK(
      "E410",
      "test rows used for training, fitting or validation",
      "Statistics are fitted on the training split alone, the test split is measured once."),
  MISSING_INPUT(
      "E411",
      "an input that no column or transform gives",
      "Inputs of the trained function meet columns, derived columns and learned inputs by name."),

  TARGET_RANGE(
      "E501",
      "a target outside its range",
      "Binary cross-entropy needs targets in [0, 1], class indices are below the class count."),
  EMPTY_DATA("E502", "no rows are left", "Every row was dropped or the file has none."),
  MISSING_CLASS(
      "E503", "a class without training rows", "Stratify the split, or give the class more rows."),
  NOT_FINITE(
      "E504",
      "a value became NaN or infinite",
      "Training stops with the parameters of the last good step; the message names the first value."),
  REQUIREMENT_NOT_MET(
      "E505",
      "a requirement is not met",
      "The jar is written beside the report, but the command fails."),
  NO_BETTER_THAN_BASELINE(
      "W506",
      "no better than the best constant predictor",
      "The model learned nothing that helps on unseen rows: wrong columns, too little data, a rate"
          + " too high, or noise."),
  NO_GRADIENT(
      "W507",
      "a parameter that the loss does not depend on",
      "Its gradient is zero in every step, so it is not learned. Often a layer was built but not used,"
          + " or the way from it to the loss leads through an integer or a comparison."),

  BAD_CALIBRATION(
      "E508",
      "calibration rows that tell no range",
      "What a product reads must differ from row to row, and be finite, for eight bits to stand for it."),
  NOTHING_TO_COMPRESS(
      "E509",
      "compression of what is not there",
      "Every pattern of a compress block names a weight; the message lists them."),
  NOT_REMOVABLE(
      "E510",
      "pruning that would break the model",
      "Channels go with every row and column that belongs to them. Those of inputs and results, and"
          + " those that an op mixes with other axes, stay; and a layer keeps one at least."),
  BEYOND_RANGE(
      "E511",
      "a weight beyond the range of the type it is to be stored in",
      "f16 ends at 65,504, bf16 where f32 does."),

  UNREADABLE_FILE("E601", "a file cannot be read", "The message gives the path and the reason."),
  CORRUPT_FILE(
      "E602",
      "a file is damaged or of another kind",
      "The message gives the path, the place in it and what was expected there."),
  UNWRITABLE_FILE(
      "E603", "a file cannot be written", "Nothing was lost; the old file, if any, is whole."),
  NEWER_VERSION("E604", "a file from a newer version", "Use at least the version that wrote it."),
  UNKNOWN_KERNEL(
      "W605",
      "a tuned schedule for a kernel that the model does not have",
      "It changes nothing: kernels without a schedule run as the cost model says. The file is of"
          + " another model, or the model or the compiler has changed since it was tuned."),

  NOT_IN_THIS_RELEASE(
      "E901",
      "understood, but not in this release",
      "The text is right; the part of the compiler for it comes later.");

  private final String code;
  private final String title;
  private final String explanation;

  DiagnosticCode(String code, String title, String explanation) {
    this.code = code;
    this.title = title;
    this.explanation = explanation;
  }

  /** The code as shown, such as {@code E204}. */
  public String code() {
    return code;
  }

  /** What is wrong, in a few words. */
  public String title() {
    return title;
  }

  /** One paragraph: what it means and what to do. */
  public String explanation() {
    return explanation;
  }

  /** Warnings have codes that begin with W. */
  public Severity severity() {
    return code.startsWith("W") ? Severity.WARNING : Severity.ERROR;
  }

  /** The constant of a code such as {@code E204}, in either case. */
  public static Optional<DiagnosticCode> find(String code) {
    return Arrays.stream(values()).filter(each -> each.code.equalsIgnoreCase(code)).findFirst();
  }
}
