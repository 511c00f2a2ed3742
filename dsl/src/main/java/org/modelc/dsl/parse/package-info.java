/**
 * From text to syntax tree. Nothing here throws on any text: what cannot be read becomes a
 * diagnostic and a {@code Broken} node, and reading goes on with the next statement.
 */
package org.modelc.dsl.parse;
