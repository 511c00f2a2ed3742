/** The typed class of a model: what a Java program that uses a model jar sees. */
package org.modelc.compiler.typed;
