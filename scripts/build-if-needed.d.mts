/**
 * Builds out/ where a source is newer than the last build; ends the process where the build fails. What is to be done
 * with the build before another one can begin is done by `whenBuilt`.
 */
export function buildIfNeeded(whenBuilt?: () => void): void;
/** Whether there is a process of that id. */
export function isLiving(pid: number): boolean;
