/** Programs in shared libraries: how they are loaded, and the memory outside the heap they use. */
package org.modelc.runtime.nativecode;
