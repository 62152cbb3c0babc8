export function buildIfNeeded(whenBuilt?: () => void): void;
export function isLiving(pid: number): boolean;
