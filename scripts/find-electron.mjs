// Looks for Electron's binary without importing the package: importing it would start a download.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Returns `{ binary }` where Electron can open a window here, otherwise `{ reason }`. */
export function findElectron() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return { reason: 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)' };
  }
  const folder = electronFolder();
  if (folder === undefined) return { reason: 'the package electron is not installed' };
  const pathFile = join(folder, 'path.txt');
  const binary = existsSync(pathFile) ? join(folder, 'dist', readFileSync(pathFile, 'utf8').trim()) : undefined;
  if (binary === undefined || !existsSync(binary)) {
    return { reason: 'the binary of Electron is not installed (get it with: npx install-electron)' };
  }
  return { binary };
}

function electronFolder() {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return undefined;
  }
}
