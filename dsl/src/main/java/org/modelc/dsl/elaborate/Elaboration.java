package org.modelc.dsl.elaborate;

import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.diagnostic.SourceText;
import org.modelc.ir.graph.Value;
import org.modelc.ir.type.TensorType;

/** What the parts of elaboration share: the program being built, the parameters, the problems. */
final class Elaboration {
  private final Problems problems;
  private final ParameterTable parameters = new ParameterTable();
  private final Program init = new Program("init", Program.Kind.INIT);
  private final UnlearnedDims unlearned = new UnlearnedDims();
  private final Types types;
  private final Tensors tensors;
  private final Expressions expressions;
  private final Statements statements;
  private final Calls calls;
  private final OperatorCalls operators;
  private final Intrinsics intrinsics;
  private Program program = init;
  private String randomSite = "";

  Elaboration(SourceText userSource) {
    this.problems = new Problems(userSource);
    this.types = new Types(this);
    this.tensors = new Tensors(this);
    this.expressions = new Expressions(this);
    this.statements = new Statements(this);
    this.calls = new Calls(this);
    this.operators = new OperatorCalls(this);
    this.intrinsics = new Intrinsics(this);
  }

  Problems problems() {
    return problems;
  }

  ParameterTable parameters() {
    return parameters;
  }

  /** Dims that stand for numbers only data could tell. */
  UnlearnedDims unlearned() {
    return unlearned;
  }

  Types types() {
    return types;
  }

  Tensors tensors() {
    return tensors;
  }

  Expressions expressions() {
    return expressions;
  }

  Statements statements() {
    return statements;
  }

  Calls calls() {
    return calls;
  }

  OperatorCalls operators() {
    return operators;
  }

  Intrinsics intrinsics() {
    return intrinsics;
  }

  Program program() {
    return program;
  }

  Program init() {
    return init;
  }

  /** The binding path that random ops of an initialiser draw by; empty outside initialisers. */
  String randomSite() {
    return randomSite;
  }

  /** Begins another program. */
  void begin(Program next) {
    program = next;
  }

  /** Sets the place that the nodes to come are from. */
  void at(SourceSpan span) {
    program.builder().at(java.util.List.of(problems.userSpan(span)));
  }

  /** Something to be done in the init program. */
  interface Work {
    Meaning run();
  }

  /** Builds in the init program, on behalf of one parameter. */
  Meaning initialising(String path, Work work) {
    Program before = program;
    program = init;
    randomSite = path;
    try {
      return work.run();
    } finally {
      program = before;
      randomSite = "";
    }
  }

  Meaning.Tensor tensor(Value value) {
    return new Meaning.Tensor(value, program);
  }

  /** A parameter or state of the table as the present program sees it. */
  Meaning read(ParameterTable.Entry entry) {
    TensorType type = entry.type();
    return tensor(
        entry.state() ? program.state(entry.path(), type) : program.parameter(entry.path(), type));
  }
}
