/**
 * The syntax tree of a model file: immutable records, each with the span it came from, in sealed
 * families with one visitor each. Nothing here is resolved or checked.
 */
package org.modelc.dsl.ast;
