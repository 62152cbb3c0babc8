/** The one place that makes windows: sandboxed, isolated, without Node, and going nowhere but the app's own page. */
import { join } from 'node:path';
import { BrowserWindow } from 'electron';

export async function openMainWindow(rendererDirectory: string, address: string): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    width: 900,
    height: 640,
    title: 'vm-system',
    webPreferences: {
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
    },
  });
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  await window.loadFile(join(rendererDirectory, 'index.html'), { query: { address } });
  return window;
}
