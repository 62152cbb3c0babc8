/**
 * Shows our own Markdown on a terminal: headings stand out, code is indented, marks that only matter to a renderer go.
 * It knows just what the help topics use, and must not be fed with anybody else's text.
 */
import { styleText } from 'node:util';

type Style = 'bold' | 'cyan';
type Paint = (style: Style, text: string) => string;

export function renderMarkdown(markdown: string, color: boolean): string {
  const paint: Paint = (style, text) => (color ? styleText(style, text, { validateStream: false }) : text);
  let isCode = false;
  const lines = markdown
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('```')) {
        isCode = !isCode;
        return [];
      }
      return isCode ? [paint('cyan', `    ${line}`).trimEnd()] : renderLine(line, color, paint);
    });
  return lines.join('\n');
}

function renderLine(line: string, color: boolean, paint: Paint): string[] {
  const heading = /^(#+) (.*)$/.exec(line);
  if (heading === null) return [renderInline(line, color, paint)];
  const [, marks = '', title = ''] = heading;
  if (color) return [paint('bold', title)];
  return marks.length > 2 ? [title] : [title, (marks.length === 1 ? '=' : '-').repeat(title.length)];
}

/** Without colour the backticks stay: they are what tells code from prose. */
function renderInline(line: string, color: boolean, paint: Paint): string {
  const plain = line.replace(/\*\*(.+?)\*\*/g, '$1').replace(/\[([^\]]+)\]\(([^)]+)\)/g, '$1 ($2)');
  return color ? plain.replace(/`([^`]+)`/g, (_, code: string) => paint('cyan', code)) : plain;
}
