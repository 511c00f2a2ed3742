/**
 * Diagnostics: what the product tells a user about a mistake in a model file or in data.
 *
 * <p>A mistake of the user is a {@link org.modelc.ir.diagnostic.Diagnostic}; a mistake of the
 * compiler is an exception of the JDK. The two never mix: only {@link
 * org.modelc.ir.diagnostic.DiagnosticException} carries diagnostics.
 */
package org.modelc.ir.diagnostic;
