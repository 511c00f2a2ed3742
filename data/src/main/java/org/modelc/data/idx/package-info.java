/** The IDX format of the MNIST files: big-endian arrays, plain or gzipped. */
package org.modelc.data.idx;
