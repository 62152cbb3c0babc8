import { expect, it } from 'vitest';
import { renderMarkdown } from '#cli/format/render-markdown';

const markdown =
  '# Title\n\nSome `code` and **weight**, [a page](http://x).\n\n## Part\n\n```\n# not a heading\n```\n\n### Small\n';

it('underlines headings and indents code', () => {
  expect(renderMarkdown(markdown, false)).toBe(
    'Title\n=====\n\nSome `code` and weight, a page (http://x).\n\nPart\n----\n\n    # not a heading\n\nSmall',
  );
});

it('uses colour instead of marks where there is colour', () => {
  expect(renderMarkdown(markdown, true)).toBe(
    '\u001b[1mTitle\u001b[22m\n\nSome \u001b[36mcode\u001b[39m and weight, a page (http://x).\n\n' +
      '\u001b[1mPart\u001b[22m\n\n\u001b[36m    # not a heading\u001b[39m\n\n\u001b[1mSmall\u001b[22m',
  );
});
