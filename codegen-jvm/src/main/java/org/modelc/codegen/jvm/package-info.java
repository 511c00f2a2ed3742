/**
 * Kernel programs as Java classes. {@link org.modelc.codegen.jvm.JvmBackend} is the entry: it
 * schedules every kernel ({@link org.modelc.codegen.jvm.SchedulePolicy}), prints one method for
 * each phase and compiles all classes of a model in one call.
 */
package org.modelc.codegen.jvm;
