import { describe, expect, it } from 'vitest';
import { findJsonProblem } from '#main/rest/json-syntax';

function problemOf(text: string): string {
  const problem = findJsonProblem(text, 200);
  return problem === undefined ? 'none' : `${problem.position}: ${problem.reason}`;
}

describe('the first problem of a text that should be JSON', () => {
  it.each([
    ['', '0: the text ends too early: a value is expected'],
    ['{"a":1', '6: the text ends too early: "," or "}" is expected'],
    ['{"a":"b', '7: the text ends too early: a string does not end'],
    ['{"a":1}{}', '7: there is more after the end of the value'],
    ['{"a":1}}', '7: there is more after the end of the value'],
    ['{"a":1,}', '7: a property name in double quotes is expected'],
    ["{'a':1}", '1: a property name in double quotes is expected'],
    ['{"a" 1}', '5: ":" is expected after a property name'],
    ['{"a":01}', '6: "," or "}" is expected'],
    ['[1,]', '3: a value is expected'],
    ['[1}', '2: "," or "]" is expected'],
    ['{"a":NaN}', '5: a value is expected'],
    ['{"a":"\u0000"}', '6: a control character in a string must be escaped'],
    ['{"a":"\\x"}', '6: an escape in a string is not valid'],
    ['{"a":"\\u12"}', '6: an escape in a string is not valid'],
  ])('is found in %j', (text, expected) => {
    expect(problemOf(text)).toBe(expected);
  });

  it.each([
    '{}',
    ' [ ] ',
    '{"a":[{},[],""]}',
    '{"a":"\\u0000\\n\\"é"}',
    '-0.5e+3',
    'null',
    '\t{"a" : true , "b":[1, 2]}\r\n',
  ])('does not exist in %j', (text) => {
    expect(problemOf(text)).toBe('none');
  });

  it('is nesting one level too deep, of lists or objects', () => {
    expect([
      problemOf('['.repeat(200) + ']'.repeat(200)),
      problemOf('['.repeat(201)),
      problemOf('{"a":'.repeat(201)),
    ]).toEqual([
      'none',
      '200: the value is nested deeper than 200 levels',
      '1000: the value is nested deeper than 200 levels',
    ]);
  });

  it('is found without exhausting any stack', () => {
    const long = `{"a":"${'\\n'.repeat(200_000)}${'x'.repeat(200_000)}","b":[${'1,'.repeat(100_000)}1]}`;
    expect([problemOf(long), problemOf('[['.repeat(1_000_000))]).toEqual([
      'none',
      '200: the value is nested deeper than 200 levels',
    ]);
  });

  it('exists exactly where JSON.parse fails, whatever is broken in a valid text', () => {
    const text = '{"a":[1,-2.5e3,{"b":null,"c":"x\\n\\u00e9"}],"d":true,"e":{},"f":[]}';
    const damages = [...text].flatMap((_, at) =>
      ['', '"', '{', ']', ',', ':', '1', '\\', ' ', 'e'].map((wrong) => text.slice(0, at) + wrong + text.slice(at + 1)),
    );
    const disagreed = damages.filter((damaged) => parses(damaged) !== (problemOf(damaged) === 'none'));
    expect(disagreed).toEqual([]);
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
