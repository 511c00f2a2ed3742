/**
 * A driver of GPUs that there are not: {@code mock_driver.cpp}, for tests of the whole way from a
 * jar to a launched kernel. docs/decisions/0620-cuda-launcher.md.
 */
package org.modelc.testkit.driver;
