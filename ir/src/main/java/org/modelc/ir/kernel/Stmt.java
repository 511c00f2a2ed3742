package org.modelc.ir.kernel;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.modelc.runtime.spec.Dim;

/** A statement of a scheduled kernel. */
public sealed interface Stmt {
  /** How a loop's iterations run. */
  enum Kind {
    SERIAL,
    /** Divided among workers by a grid that depends on shapes alone. */
    PARALLEL,
    VECTOR,
    UNROLL,
    BLOCK,
    THREAD
  }

  /** Where a local array lives. */
  enum Space {
    /** Each worker's own. */
    WORKER,
    /** Shared by the threads of a block. */
    BLOCK,
    REGISTER
  }

  /** {@code for (variable = start; variable < end; variable += step)}. */
  record For(Kind kind, String variable, Expr start, Expr end, int step, Stmt body)
      implements Stmt {
    /** The dim that the variable runs to from 0 in steps of 1, or null. */
    public Dim extent() {
      if (step != 1 || !start.equals(Expr.integer(0))) {
        return null;
      }
      if (end instanceof Expr.IntConst constant) {
        return Dim.constant(constant.value());
      }
      return end instanceof Expr.Size size ? size.dim() : null;
    }
  }

  /** Binds a name for the body. */
  record Let(String name, Expr value, Stmt body) implements Stmt {}

  /** A mutable scalar for the body, changed by {@link Assign} and read as a {@link Expr.Var}. */
  record Mutable(String name, Expr initial, Stmt body) implements Stmt {}

  /** Changes a {@link Mutable}. */
  record Assign(String name, Expr value) implements Stmt {}

  /** A local array for the body. */
  record Alloc(Space space, Buffer buffer, Stmt body) implements Stmt {}

  /** Writes one element. */
  record Store(Buffer buffer, List<Expr> index, Expr value) implements Stmt {
    public Store {
      index = List.copyOf(index);
    }
  }

  /** A branch; {@code otherwise} may be null. */
  record If(Expr condition, Stmt then, Stmt otherwise) implements Stmt {}

  /** A loop while a condition holds. */
  record While(Expr condition, Stmt body) implements Stmt {}

  /** Statements in order. */
  record Seq(List<Stmt> statements) implements Stmt {
    public Seq {
      statements = List.copyOf(statements);
    }

    /**
     * Whether these are several assignments of which none reads what one before it assigns: their
     * values may be computed together.
     */
    public boolean assignsTogether() {
      Set<String> assigned = new HashSet<>();
      boolean[] independent = {statements.size() > 1};
      for (Stmt statement : statements) {
        if (!(statement instanceof Assign assign)) {
          return false;
        }
        ExprWalk.visit(
            assign.value(),
            expr ->
                independent[0] &= !(expr instanceof Expr.Var v) || !assigned.contains(v.name()));
        independent[0] &= assigned.add(assign.name());
      }
      return independent[0];
    }
  }

  /** All threads of the space meet. */
  record Barrier(Space space) implements Stmt {}

  /**
   * A backend's own operation, by name (a matrix instruction, an asynchronous copy, a row copy).
   */
  record Intrinsic(String name, List<Expr> operands, List<Buffer> buffers) implements Stmt {
    public Intrinsic {
      operands = List.copyOf(operands);
      buffers = List.copyOf(buffers);
    }
  }

  /** Whether this is a parallel loop over a dim. */
  default boolean isParallel() {
    return this instanceof For loop && loop.kind() == Kind.PARALLEL && loop.extent() != null;
  }

  static Stmt seq(Stmt... statements) {
    return new Seq(List.of(statements));
  }

  static Stmt loop(Kind kind, String variable, Expr end, Stmt body) {
    return new For(kind, variable, Expr.integer(0), end, 1, body);
  }

  /** What a visitor does with each kind. */
  interface Visitor<R> {
    R loop(For stmt);

    R let(Let stmt);

    R mutable(Mutable stmt);

    R assign(Assign stmt);

    R alloc(Alloc stmt);

    R store(Store stmt);

    R branch(If stmt);

    R repeat(While stmt);

    R seq(Seq stmt);

    R barrier(Barrier stmt);

    R intrinsic(Intrinsic stmt);
  }

  /** Calls the visitor's method for this kind. */
  default <R> R accept(Visitor<R> visitor) {
    if (this instanceof For s) {
      return visitor.loop(s);
    } else if (this instanceof Let s) {
      return visitor.let(s);
    } else if (this instanceof Mutable s) {
      return visitor.mutable(s);
    } else if (this instanceof Assign s) {
      return visitor.assign(s);
    } else if (this instanceof Alloc s) {
      return visitor.alloc(s);
    } else if (this instanceof Store s) {
      return visitor.store(s);
    } else if (this instanceof If s) {
      return visitor.branch(s);
    } else if (this instanceof While s) {
      return visitor.repeat(s);
    } else if (this instanceof Seq s) {
      return visitor.seq(s);
    } else if (this instanceof Barrier s) {
      return visitor.barrier(s);
    } else {
      return visitor.intrinsic((Intrinsic) this);
    }
  }

  /** Adds the program buffers read and written; local arrays are left out. */
  default void collect(Set<Buffer> reads, Set<Buffer> writes) {
    accept(new AccessCollector(reads, writes));
  }
}
