/** Lays out model files in the one way: indentation and spaces; line ends stay where they are. */
package org.modelc.dsl.format;
