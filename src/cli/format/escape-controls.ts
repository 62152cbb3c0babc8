/**
 * Keeps text of guests and hosts from driving the terminal: control characters, line breaks and bidirectional overrides
 * become visible escapes. They are the escapes of JSON, so a JSON text keeps its meaning and scripts can still parse it.
 */

/** Makes a text safe to print, and keeps it on one line. Tabs stay. */
export function escapeControls(text: string): string {
  return text.replace(/(?!\t)[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, escapeOf);
}

/** The same for a text that has lines of its own. */
export function escapeControlsInLines(text: string): string {
  return text.split('\n').map(escapeControls).join('\n');
}

function escapeOf(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
