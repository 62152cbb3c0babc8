/** Builds out/ where a source is newer than the last build; ends the process where the build fails. */
export function buildIfNeeded(): void;
