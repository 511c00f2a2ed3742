/** Jars built for GPUs, run by a driver that is none: the whole way from the file to the launch. */
package org.modelc.conformance.driver;
