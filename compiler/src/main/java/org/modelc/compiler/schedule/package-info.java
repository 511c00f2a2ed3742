/** Tuned schedules: the file that a build takes, and what makes one. */
package org.modelc.compiler.schedule;
