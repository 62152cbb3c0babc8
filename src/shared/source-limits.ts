/** How much code and input one run may have: said to clients by the core, and checked again before it reaches a guest. */

/** Longest source, in UTF-8 bytes. */
export const maxSourceBytes = 4 * 1024 * 1024;

/** Longest `args` and `env` together, as JSON in UTF-8 bytes. */
export const maxInputBytes = 16 * 1024 * 1024;
