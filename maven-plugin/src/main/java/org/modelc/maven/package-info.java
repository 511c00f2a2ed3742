/** Maven goals: models under {@code src/main/model} are part of a Java build. */
package org.modelc.maven;
