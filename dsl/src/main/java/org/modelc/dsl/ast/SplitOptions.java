package org.modelc.dsl.ast;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How rows are dealt out.
 *
 * @param stratifiedBy the column whose shares each part keeps
 * @param ordered whether rows stay in file order; else they are drawn
 * @param seed of the draw
 */
public record SplitOptions(Optional<Name> stratifiedBy, boolean ordered, OptionalLong seed) {}
