/** Where the buffers of a kernel program lie: lifetimes, slots, updates in place, peak. */
package org.modelc.passes.memory;
